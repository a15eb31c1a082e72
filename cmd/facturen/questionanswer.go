package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"ommen.nl/facturen/invoice/api"
	"ommen.nl/facturen/invoice/letter"
	"ommen.nl/facturen/invoice/workflow"
)

// answering are the options of `question answer`.
type answering struct {
	text     string
	standard string
	draft    bool
	edit     bool
	send     bool
}

func (a *app) questionAnswerCommand() *cobra.Command {
	var o answering
	c := &cobra.Command{
		Use:   "answer V…",
		Short: "Answer a question",
		Long: `Answers a question. Who asked by mail gets the answer as a letter; of a question
by telephone, by post or at the counter the answer is noted, and mailed when
there is an address. Write clear and simple Dutch.

With --draft it prints what the register knows as an answer, and sends nothing.
With --edit that draft is opened in $VISUAL or $EDITOR; what you leave there is
printed, and sent with --send. An empty text sends nothing. With --text your own
words are sent. Standard answers (--standard): ` + strings.Join(letter.Standards(), ", ") + `.

` + exitHelp,
		Example: "  facturen question answer V2026-00045 --draft\n  facturen question answer V2026-00045 --edit --send\n" +
			"  facturen question answer V2026-00045 --text - < antwoord.txt",
		Args: cobra.ExactArgs(1),
	}
	format := formatOption(c, "text", "json")
	flags := c.Flags()
	flags.StringVar(&o.text, "text", "", "the answer; - to read it from standard input")
	flags.BoolVar(&o.draft, "draft", false, "print the draft of an answer")
	flags.StringVar(&o.standard, "standard", "", "the draft is the standard answer of that name")
	flags.BoolVar(&o.edit, "edit", false, "open the draft in $VISUAL or $EDITOR")
	flags.BoolVar(&o.send, "send", false, "send what was edited")
	c.MarkFlagsMutuallyExclusive("text", "draft", "edit")
	c.RunE = func(c *cobra.Command, args []string) (err error) {
		switch {
		case o.text == "" && !o.draft && !o.edit:
			return wrongUse("say how to answer: --draft to see what the register knows, --edit --send to mend and send it, or --text")
		case o.send && !o.edit:
			return wrongUse("--send sends what you read and mended: use it with --edit")
		case o.standard != "" && o.text != "":
			return wrongUse("--standard is a draft: use it with --draft or --edit")
		}
		text := o.text
		if text == "" {
			draft, err := ask(a, c, api.QuestionDraft, api.DraftOf{Register: args[0], Standard: o.standard})
			if err != nil {
				return err
			}
			if o.draft {
				return a.printDraft(format.value, draft)
			}
			if text, err = a.edit(draft); err != nil {
				return err
			}
			if !o.send {
				fmt.Fprintln(a.stdout, printable(text))
				next(a.stdout, format.value, "Nothing is sent. Next: facturen question answer %s --text …, or --edit --send", args[0])
				return nil
			}
		}
		if text, err = a.words(text); err != nil {
			return err
		}
		q, err := ask(a, c, api.QuestionAnswer, api.Answer{Register: args[0], Text: text})
		if err != nil {
			return err
		}
		return a.printQuestion(format.value, q)
	}
	return c
}

func (a *app) printDraft(format string, d workflow.Draft) error {
	if format == "json" {
		return printJSON(a.stdout, d)
	}
	fmt.Fprintln(a.stdout, printable(d.Text))
	for _, note := range d.Notes {
		fmt.Fprintf(a.stderr, "Note: %s\n", printable(note))
	}
	next(a.stdout, format, "Next: facturen question answer %s --edit --send", d.Register)
	return nil
}

// notSent is the line below which the file in the editor is for its reader only.
const notSent = "----- not sent: what stands below this line -----"

// edit lets a person mend a draft, and returns the words that he left.
func (a *app) edit(d workflow.Draft) (string, error) {
	editor := cmp.Or(os.Getenv("VISUAL"), os.Getenv("EDITOR"))
	if editor == "" {
		return "", errors.New("there is no editor: set EDITOR to one, as in EDITOR=nano, or use --draft and --text")
	}
	folder, err := os.MkdirTemp("", "facturen-answer-") // mode 0700: the words are for this person alone
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(folder)
	file := filepath.Join(folder, d.Register+".txt")
	content := d.Text + "\n\n" + notSent + "\n"
	for _, note := range d.Notes {
		content += printable(note) + "\n"
	}
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		return "", err
	}
	command := exec.Command("sh", "-c", editor+` "$1"`, "sh", file) // EDITOR may have arguments, as with git
	command.Stdin, command.Stdout, command.Stderr = os.Stdin, os.Stdout, a.stderr
	if err := command.Run(); err != nil {
		return "", fmt.Errorf("the editor %s: %w; nothing is sent", editor, err)
	}
	left, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	text, _, _ := strings.Cut(string(left), notSent)
	if text = strings.TrimSpace(text); text == "" {
		return "", errors.New("the text is empty; nothing is sent")
	}
	return text, nil
}
