package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"ommen.nl/facturen/invoice/api"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/question"
)

func (a *app) questionCommand() *cobra.Command {
	c := &cobra.Command{Use: "question", Short: "Questions of suppliers, answered within three working days"}
	c.AddCommand(a.questionListCommand(), a.questionShowCommand(), a.questionAddCommand(), a.questionAssignCommand(),
		a.questionWaitCommand(), a.questionResumeCommand(), a.questionAnswerCommand(), a.questionCloseCommand())
	return c
}

func (a *app) questionListCommand() *cobra.Command {
	var f api.QuestionFilter
	var all bool
	c := &cobra.Command{Use: "list", Short: "List the questions to which an answer is owed", Args: cobra.NoArgs}
	format := formatOption(c, "text", "json", "csv")
	c.Flags().BoolVar(&all, "all", false, "also those that are answered or closed")
	c.Flags().StringVar(&f.AssignedTo, "assigned-to", "", "only those of that user")
	dateOption(c, &f.ReceivedFrom, "from", "received on or after that day")
	dateOption(c, &f.ReceivedUntil, "until", "received on or before that day")
	dateOption(c, &f.DueUntil, "due-until", "to be answered on or before that day")
	c.Flags().IntVar(&f.Limit, "limit", 0, "the first so many")
	c.RunE = func(c *cobra.Command, _ []string) error {
		f.Open = !all
		rows, err := ask(a, c, api.QuestionList, f)
		if err != nil {
			return err
		}
		if err := printList(a.stdout, format.value, rows, questionColumns); err != nil {
			return err
		}
		if len(rows) > 0 {
			next(a.stdout, format.value, "Next: facturen question show %s", rows[0].Register)
		}
		return nil
	}
	return c
}

var questionColumns = []column[*question.Question]{
	{"register", 0, func(q *question.Question) any { return q.Register }},
	{"status", 0, func(q *question.Question) any { return string(q.Status) }},
	{"answer_by", 0, func(q *question.Question) any { return q.AnswerBy }},
	{"received", 0, func(q *question.Question) any { return q.ReceivedAt }},
	{"channel", 0, func(q *question.Question) any { return q.Channel }},
	{"from", 36, func(q *question.Question) any { return q.From }},
	{"subject", 40, func(q *question.Question) any { return q.Subject }},
	{"assigned_to", 0, func(q *question.Question) any { return q.AssignedTo }},
	{"invoices", 0, func(q *question.Question) any { return q.Invoices }},
}

func (a *app) questionShowCommand() *cobra.Command {
	c := &cobra.Command{Use: "show V…", Short: "Show a question and its answer", Args: cobra.ExactArgs(1)}
	format := formatOption(c, "text", "json")
	c.RunE = func(c *cobra.Command, args []string) error {
		q, err := ask(a, c, api.QuestionShow, api.Register{Register: args[0]})
		if err != nil {
			return err
		}
		return a.printQuestion(format.value, q)
	}
	return c
}

func (a *app) printQuestion(format string, q *question.Question) error {
	if format == "json" {
		return printJSON(a.stdout, q)
	}
	printFields(a.stdout, field{"question", q.Register}, field{"status", string(q.Status)}, field{"from", q.From},
		field{"channel", q.Channel}, field{"received", q.ReceivedAt}, field{"answer by", q.AnswerBy}, field{"waits for", waitsFor(q)},
		field{"answer by, without the waiting", pausedUntil(q, a.now())}, field{"assigned to", q.AssignedTo},
		field{"invoices", q.Invoices}, field{"also about", q.Related}, field{"subject", q.Subject}, field{"answered", by(q.AnsweredBy, forPeople(q.AnsweredAt))})
	fmt.Fprintf(a.stdout, "\n%s\n", printable(q.Text))
	if q.Answer != "" {
		fmt.Fprintf(a.stdout, "\nAnswer\n\n%s\n", printable(q.Answer))
	}
	if q.Status.Open() {
		fmt.Fprintf(a.stdout, "\nNext: facturen question answer %s --draft, or: facturen question assign %s --to USER\n", q.Register, q.Register)
	}
	return nil
}

// waitsFor is what the supplier must tell before the question can be answered.
func waitsFor(q *question.Question) string {
	if q.Status != question.Waiting {
		return ""
	}
	w := q.Waits[len(q.Waits)-1]
	return fmt.Sprintf("%s (since %s)", w.Reason, forPeople(w.Since))
}

// pausedUntil is the last day for the answer when the time does not count in
// which the question waited for the supplier; no day where it never did.
func pausedUntil(q *question.Question, now time.Time) calendar.Date {
	if len(q.Waits) == 0 {
		return calendar.Date{}
	}
	return q.AnswerByPaused(calendar.On(now))
}

func (a *app) questionAddCommand() *cobra.Command {
	var in api.NewQuestion
	channel := &choice{allowed: []string{"phone", "post", "counter"}}
	c := &cobra.Command{
		Use:     "add --channel phone|post|counter --from WHO --text TEXT",
		Short:   "Enter a question that did not come by mail",
		Example: "  facturen question add --channel phone --from \"Drukkerij De Regge, 0523-315651\" --text \"When is invoice DR-26-90 paid?\"",
		Args:    cobra.NoArgs,
	}
	format := formatOption(c, "text", "json")
	flags := c.Flags()
	flags.Var(channel, "channel", "how it came (required)")
	flags.StringVar(&in.From, "from", "", "who asked; a mail address gets the answer (required)")
	flags.StringVar(&in.Subject, "subject", "", "what it is about")
	flags.StringVar(&in.Text, "text", "", "the question; - to read it from standard input (required)")
	momentOption(c, &in.Received, "received", "when it came; now when it is not given")
	flags.StringSliceVar(&in.Invoices, "invoice", nil, "register number of an invoice that it is about")
	required(c, "channel", "from", "text")
	c.RunE = func(c *cobra.Command, _ []string) (err error) {
		in.Channel = channel.value
		if in.Text, err = a.words(in.Text); err != nil {
			return err
		}
		q, err := ask(a, c, api.QuestionAdd, in)
		if err != nil {
			return err
		}
		return a.printQuestion(format.value, q)
	}
	return c
}

// words is a text that is given, or standard input when that is "-".
func (a *app) words(text string) (string, error) {
	if text != "-" {
		return text, nil
	}
	const most = 1 << 20
	data, err := io.ReadAll(io.LimitReader(a.stdin, most))
	return strings.TrimSpace(string(data)), err
}

func (a *app) questionAssignCommand() *cobra.Command {
	in := api.Assignment{}
	c := &cobra.Command{Use: "assign V… --to USER", Short: "Make somebody answer for the answer", Args: cobra.ExactArgs(1)}
	format := formatOption(c, "text", "json")
	c.Flags().StringVar(&in.To, "to", "", "the user (required)")
	required(c, "to")
	c.RunE = func(c *cobra.Command, args []string) error {
		in.Register = args[0]
		q, err := ask(a, c, api.QuestionAssign, in)
		if err != nil {
			return err
		}
		return a.printQuestion(format.value, q)
	}
	return c
}

func (a *app) questionWaitCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "wait V… --reason TEXT",
		Short: "Stop the clock until the supplier told what is needed",
		Long: `Stops the clock of a question that cannot be answered before the supplier told
something. Who asked by mail gets the reason as a letter, so write it as a request
to him; his reply starts the clock again. Reports show the term with and without
the pause.

` + exitHelp,
		Example: "  facturen question wait V2026-00045 --reason \"Welk nummer staat op de factuur?\"",
		Args:    cobra.ExactArgs(1),
	}
	format := formatOption(c, "text", "json")
	reason := reasonOption(c, "reason", "what the supplier must tell, in words for him")
	c.RunE = func(c *cobra.Command, args []string) error {
		q, err := ask(a, c, api.QuestionWait, api.Because{Register: args[0], Reason: *reason})
		if err != nil {
			return err
		}
		return a.printQuestion(format.value, q)
	}
	return c
}

func (a *app) questionResumeCommand() *cobra.Command {
	c := &cobra.Command{Use: "resume V… --told TEXT", Short: "Start the clock again: the supplier told it by another way than mail", Args: cobra.ExactArgs(1)}
	format := formatOption(c, "text", "json")
	told := reasonOption(c, "told", "what the supplier told")
	c.RunE = func(c *cobra.Command, args []string) error {
		q, err := ask(a, c, api.QuestionResume, api.Because{Register: args[0], Reason: *told})
		if err != nil {
			return err
		}
		return a.printQuestion(format.value, q)
	}
	return c
}

func (a *app) questionCloseCommand() *cobra.Command {
	c := &cobra.Command{Use: "close V…", Short: "Close a question to which no answer is owed", Args: cobra.ExactArgs(1)}
	format := formatOption(c, "text", "json")
	reason := reasonOption(c, "reason", "why no answer is owed")
	c.RunE = func(c *cobra.Command, args []string) error {
		q, err := ask(a, c, api.QuestionClose, api.Because{Register: args[0], Reason: *reason})
		if err != nil {
			return err
		}
		return a.printQuestion(format.value, q)
	}
	return c
}
