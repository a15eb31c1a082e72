package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/read"
	"ommen.nl/facturen/invoice/workflow"
	"ommen.nl/facturen/validate"
)

// ruleSets are all that --rules can name.
var ruleSets = []validate.RuleSet{validate.XSD, validate.EN16931, validate.NLCIUS, validate.GAccount, validate.NLCIUSCII,
	validate.Peppol, validate.Law, validate.Addressed, validate.Referred, validate.Payee}

// The rules that a document breaks of which no invoice, or not all of it, can be read.
const (
	damaged     = "XSD-30"
	notInvoice  = "XSD-31"
	needsPerson = "XSD-32"
	notSure     = "XSD-33"
)

// checked is what `check --format json` prints of one invoice.
type checked struct {
	File     string             `json:"file"`
	Document string             `json:"document"`
	Syntax   invoice.Syntax     `json:"syntax"`
	Verdict  validate.Verdict   `json:"verdict"`
	RuleSets []validate.RuleSet `json:"rulesets"`
	Findings []checkFinding     `json:"findings"`

	mends []string // in English, for text
}

type checkFinding struct {
	Rule     string            `json:"rule"`
	RuleSet  validate.RuleSet  `json:"ruleset"`
	Severity validate.Severity `json:"severity"`
	Terms    []string          `json:"terms"`
	Path     string            `json:"path"`
	Found    string            `json:"found"`
	Expected string            `json:"expected"`
	Dutch    string            `json:"message_nl"`
	English  string            `json:"message_en"`
}

func (a *app) checkCommand() *cobra.Command {
	var rules []string
	var configFile string
	c := &cobra.Command{
		Use:   "check FILE|DIR|-...",
		Short: "Check invoices by the rules",
		Long: `Checks invoices by the rules and says what becomes of them: accept, reject or
review (a person decides). With --format json it prints one object per invoice
on a line. Of a folder, all XML and PDF files are checked, also those in folders
in it; "-" is standard input.

--rules runs exactly the named rule sets, whatever the invoice claims to follow;
without it, those that apply: ` + ruleSetNames(ruleSets) + `.

Without --config the addressee is gemeente Ommen, and there is no register of
payment references and suppliers.

Exit status: 0 all accepted, 1 some not, 2 it could not run.`,
		Example: "  facturen check factuur.xml\n  facturen check --rules law,addressee --format json map/",
		Args:    cobra.MinimumNArgs(1),
	}
	format := formatOption(c, "text", "json")
	c.Flags().StringSliceVar(&rules, "rules", nil, "rule sets to run, separated by commas")
	c.Flags().StringVar(&configFile, "config", "", "configuration that says who the addressee is")
	c.RunE = func(c *cobra.Command, args []string) error {
		checker, err := newChecker(rules, configFile, calendar.On(a.now()))
		if err != nil {
			return usageError{err}
		}
		defer checker.documents.close()
		job := func(in input) (checked, error) { return checker.check(c.Context(), in, a.stdin) }
		return perFile(a, c, args, format.value, job, printChecked)
	}
	return c
}

func ruleSetNames(sets []validate.RuleSet) string {
	var names []string
	for _, set := range sets {
		names = append(names, string(set))
	}
	return strings.Join(names, ", ")
}

// checker checks documents without any register.
type checker struct {
	sets      []validate.RuleSet // nil for those that apply
	policy    workflow.Policy
	documents *documents
	today     calendar.Date
}

func newChecker(rules []string, configFile string, today calendar.Date) (*checker, error) {
	k := &checker{policy: workflow.Policy{Gemeente: validate.DefaultGemeente()}, today: today}
	for _, name := range rules {
		set := validate.RuleSet(strings.TrimSpace(name))
		if !slices.Contains(ruleSets, set) {
			return nil, fmt.Errorf("there is no rule set %q; choose from %s", name, ruleSetNames(ruleSets))
		}
		k.sets = append(k.sets, set)
	}
	if configFile != "" {
		c, err := loadConfig(configFile)
		if err != nil {
			return nil, err
		}
		k.policy.Gemeente, k.policy.Lowered = c.identity(), c.lowered()
	}
	k.documents = openDocuments(k.policy.Known())
	return k, nil
}

// check reads and checks one file.
func (k *checker) check(ctx context.Context, in input, stdin io.Reader) (checked, error) {
	out := checked{File: in.name, Document: filepath.Base(in.name), RuleSets: []validate.RuleSet{}, Findings: []checkFinding{}}
	data, err := in.load(stdin)
	if err != nil {
		return out, err
	}
	if !in.listed && !candidate(in.name, data) {
		return out, errLeftOut
	}
	doc, err := k.documents.read(ctx, data)
	if err != nil {
		out.unreadable(err)
		return out, nil
	}
	out.Syntax = doc.Invoice.Syntax
	about := workflow.CaseOf(doc, k.today, k.policy.Gemeente)
	about.NoSuppliers = true
	assessment := validate.Assess(about, k.sets, k.policy.Lowered)
	out.Verdict, out.RuleSets = assessment.Verdict, assessment.RuleSets
	if doubt := workflow.DoubtOf(doc, assessment); doubt != "" {
		out.Verdict = validate.ToReview
		out.unread(notSure, doubt)
	}
	for _, f := range assessment.Findings {
		out.add(checkFinding{f.Rule, f.RuleSet, f.Severity, f.Terms, f.Path, f.Found, f.Expected, f.Dutch, f.English}, f.MendEng)
	}
	return out, nil
}

func (c *checked) add(f checkFinding, mend string) {
	if f.Terms == nil {
		f.Terms = []string{}
	}
	c.Findings = append(c.Findings, f)
	c.mends = append(c.mends, mend)
}

// unreadable makes the verdict on a document that holds no invoice that a
// program can read.
func (c *checked) unreadable(err error) {
	c.Verdict = validate.Rejected
	rule := damaged
	switch {
	case errors.Is(err, read.ErrNeedsPerson):
		c.Verdict, rule = validate.ToReview, needsPerson
	case errors.Is(err, read.ErrNotInvoice):
		rule = notInvoice
	}
	var why *read.Error
	if errors.As(err, &why) && why.Kind == read.PDF {
		c.Syntax = invoice.PDF
	}
	c.unread(rule, err.Error())
}

// unread adds a finding about the document as a whole, with what was wrong.
func (c *checked) unread(rule, found string) {
	r, _ := validate.RuleByID(rule)
	c.add(checkFinding{Rule: r.ID, RuleSet: r.Set, Severity: r.Severity, Found: found, Dutch: r.Dutch.Says + " " + r.Dutch.Mend,
		English: r.English.Says + " " + found}, r.English.Mend)
}

func printChecked(w *bufio.Writer, format string, c checked) (ok bool, err error) {
	ok = c.Verdict == validate.Accepted
	if format == "json" {
		return ok, printJSON(w, c)
	}
	what := string(c.Syntax)
	if what == "" {
		what = "no invoice"
	}
	fmt.Fprintf(w, "%s: %s (%s)\n", printable(c.File), c.Verdict, what)
	for i, f := range c.Findings {
		fmt.Fprintf(w, "  %-7s %s  %s\n", f.Severity, f.Rule, printable(f.English))
		if f.Path != "" {
			fmt.Fprintf(w, "          at %s\n", printable(f.Path))
		}
		if c.mends[i] != "" {
			fmt.Fprintf(w, "          %s\n", printable(c.mends[i]))
		}
	}
	return ok, nil
}
