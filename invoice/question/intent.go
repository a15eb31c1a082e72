package question

import (
	"regexp"
	"strings"
	"unicode"
)

// Kind says what the text of a mail wants of the gemeente.
type Kind string

const (
	Asking       Kind = "question"      // it asks something
	Reminder     Kind = "reminder"      // a payment is said to be late (herinnering, aanmaning)
	FormalNotice Kind = "formal-notice" // the gemeente is given notice of default, or collection is announced
	CoverNote    Kind = "cover-note"    // it accompanies an invoice, and asks no more than to handle it
	Nothing      Kind = "nothing"       // none of these: thanks, an announcement
)

// Intent is what a text wants, with the words that decided.
type Intent struct {
	Kind       Kind
	Words      string // the sentence that decided, as written; empty when there is none
	Reason     string // a clause that can follow "an invoice, and"
	NewAccount bool   // it announces another bank account, which is never taken from a mail
	Demands    bool   // a payment is demanded of an invoice that is named, or of an amount
	Telling    string // the sentence that speaks of invoices, where the text brings none, thanks for nothing and asks nothing; else empty
	Elsewhere  string // the sentence that speaks of other business of a gemeente than invoices; empty when there is none
}

// Asks reports whether an answer is owed: the term of three working days runs.
func (i Intent) Asks() bool { return i.Kind == Asking || i.Kind == Reminder || i.Kind == FormalNotice }

// maxText bounds what is looked at; who asks does so before that.
const maxText = 20_000

// Classify tells what a mail wants by its own words, in Dutch, English or
// German. newText is what the sender wrote himself, without what he quotes.
func Classify(subject, newText string) Intent {
	if len(newText) > maxText {
		newText = strings.ToValidUTF8(newText[:maxText], "")
	}
	text := sentencesOf(withoutSignature(newText))
	all := text
	if title, own := ownSubject(subject); own {
		all = append([]sentence{title}, text...)
	}
	intent := decide(all, text)
	_, intent.NewAccount = first(all, newAccount)
	if intent.Kind == Reminder || intent.Kind == FormalNotice {
		_, intent.Demands = first(all, namesDebt)
	}
	intent.Telling = telling(intent, text)
	if intent.Kind == Asking || intent.Kind == Nothing {
		intent.Elsewhere = elsewhere(all)
	}
	return intent
}

// elsewhere finds what a text says of other business, where it says nothing of
// invoices.
func elsewhere(all []sentence) string {
	s, other := first(all, otherBusiness)
	if _, ours := first(all, ofInvoices); !other || ours {
		return ""
	}
	return s.quoted()
}

// telling finds what a text tells of invoices without bringing one: "Wij missen
// nog een betaling." Who writes so wants an answer, unless he only reacts to one.
func telling(intent Intent, text []sentence) string {
	if intent.Asks() {
		return ""
	}
	for _, p := range []pattern{attaches, pointing, reacting} {
		if _, found := first(text, p); found {
			return ""
		}
	}
	if s, found := first(text, ofInvoices); found {
		return s.quoted()
	}
	return ""
}

func decide(all, text []sentence) Intent {
	late, isLate := first(all, overdue)
	if !isLate {
		late, isLate = first(all, headed)
	}
	if s, ok := first(all, formalNotice); ok {
		return Intent{Kind: FormalNotice, Words: s.written, Reason: "it gives notice of default: " + s.quoted()}
	}
	if s, ok := first(all, threat); ok && isLate {
		return Intent{Kind: FormalNotice, Words: s.written, Reason: "it announces collection: " + s.quoted()}
	}
	if isLate {
		return Intent{Kind: Reminder, Words: late.written, Reason: "it reminds of a payment: " + late.quoted()}
	}
	if s, ok := firstQuestion(text); ok {
		return Intent{Kind: Asking, Words: s.written, Reason: "it asks: " + s.quoted()}
	}
	if len(all) > len(text) && saysQuestion.matches(all[0]) {
		return Intent{Kind: Asking, Words: all[0].written, Reason: "its subject says so: " + all[0].quoted()}
	}
	s, brings := first(all, attaches)
	if pay, ok := first(text, asksPayment); ok && !brings {
		return Intent{Kind: Reminder, Words: pay.written, Reason: "it asks for a payment and brings no invoice: " + pay.quoted()}
	}
	if !brings {
		s, brings = first(all, namesInvoice)
	}
	if brings {
		return Intent{Kind: CoverNote, Words: s.written, Reason: "it accompanies an invoice: " + s.quoted()}
	}
	return Intent{Kind: Nothing, Reason: "it asks nothing"}
}

// firstQuestion finds the first sentence that asks, and is more than
// politeness: an offer to answer questions, or the wish that an invoice is handled.
func firstQuestion(text []sentence) (sentence, bool) {
	offered := false // the sentence before offers help
	for i, s := range text {
		offer := s.offers(text[i+1:])
		asks := s.asks() && !offer && !(offered && inviting.matches(s)) && !politeness.matches(s) && !disclaimer.matches(s)
		if asks && !s.wantsHandling() {
			return s, true
		}
		offered = offer
	}
	return sentence{}, false
}

func (s sentence) asks() bool {
	return s.mark == '?' || interrogative.matches(s) || requesting.matches(s) || wondering.matches(s)
}

// wantsHandling reports whether the sentence asks no more than to handle an
// invoice. "Wilt u deze verwerken?" does, "Is deze al verwerkt?" does not.
func (s sentence) wantsHandling() bool {
	request := s.mark != '?' || addressed.matches(s) || requesting.matches(s)
	return request && handling.matches(s) && !wantsToKnow.matches(s) && !wondering.matches(s)
}

// offers reports whether the sentence offers to answer questions, or is a
// question that the next sentence answers itself: "Klopt er iets niet? Bel ons."
func (s sentence) offers(next []sentence) bool {
	return offering.matches(s) || s.mark == '?' && conditionLike.matches(s) && len(next) > 0 && inviting.matches(next[0])
}

// ownSubject returns the subject as a sentence; that of a reply is somebody
// else's and says nothing of what is asked now.
func ownSubject(subject string) (sentence, bool) {
	subject = strings.Join(strings.Fields(subject), " ")
	for forwardMark.MatchString(subject) {
		subject = forwardMark.ReplaceAllString(subject, "")
	}
	if subject == "" || replyMark.MatchString(subject) {
		return sentence{}, false
	}
	return newSentence(subject), true
}

var (
	forwardMark = regexp.MustCompile(`(?i)^\s*(fw|fwd|doorst|wg|tr|extern|external|\[extern\]|\[external\])\s*[:\]]?\s*:?\s+`)
	replyMark   = regexp.MustCompile(`(?i)^\s*(re|antw|aw|sv|betr\.? ?re)\s*(\[\d+\])?\s*:`)
)

// closing is the line that ends a letter; what follows is who wrote it.
var closing = regexp.MustCompile(`^\W*(` +
	`(met |de )?(vriendelijke|hartelijke|beste|warme|zonnige|collegiale) ?(groet|groeten)|m\.? ?v\.? ?g\.?|hoogachtend|groet|groeten|groetjes|` +
	`(with )?(kind|best|warm|warmest|kindest) regards|regards|yours (sincerely|faithfully|truly)|sincerely( yours)?|cheers|best wishes|` +
	`(mit )?(freundlichen|besten|herzlichen) grussen|(freundliche|viele|beste|herzliche|liebe) grusse|mit freundlichem gruss|mfg|hochachtungsvoll|` +
	`cordialement|bien a vous` +
	`)\b.{0,40}$`)

// deviceLine is what telephones write below a message.
var deviceLine = regexp.MustCompile(`^(verzonden vanaf|verstuurd vanaf|sent from|von meinem|gesendet mit|get outlook)`)

// postscript is what a writer adds below the signature after all.
var postscript = regexp.MustCompile(`^(p\.? ?s\.?|n\.? ?b\.?)([ :]|$)`)

// withoutSignature leaves out what stands below the closing of a letter, except a postscript.
func withoutSignature(text string) string {
	var kept []string
	signed := false
	for line := range strings.Lines(text) {
		folded := fold(strings.TrimSpace(line))
		switch {
		case strings.TrimRight(line, "\r\n") == "-- ", closing.MatchString(folded), deviceLine.MatchString(folded):
			signed = true
		case postscript.MatchString(folded):
			signed = false
		}
		if !signed {
			kept = append(kept, strings.TrimRight(line, "\r\n"))
		}
	}
	return strings.Join(kept, "\n")
}

// sentence is one sentence, as written and as it is looked at.
type sentence struct {
	written string
	folded  string // lower case, without accents, single spaces, no mark at its end
	mark    byte   // what it ends with: '?', '!', '.' or 0
}

func newSentence(written string) sentence {
	written = strings.Join(strings.Fields(written), " ")
	s := sentence{written: written, folded: fold(mailAddress.ReplaceAllString(written, " "))}
	if trimmed := strings.TrimRight(s.folded, " \"')]*_"); trimmed != "" {
		s.folded = strings.TrimRight(trimmed, ".!? ")
		switch ending := trimmed[len(s.folded):]; {
		case strings.Contains(ending, "?"):
			s.mark = '?'
		case ending != "":
			s.mark = ending[0]
		}
	}
	s.folded = strings.TrimSpace(listMark.ReplaceAllString(s.folded, ""))
	return s
}

// listMark stands before an item of a list.
var listMark = regexp.MustCompile(`^(\W+|\(?\d{1,2}[.)]\s|[a-z][.)]\s)+`)

// maxQuoted bounds what is quoted in a reason.
const maxQuoted = 160

func (s sentence) quoted() string {
	words := []rune(s.written)
	if len(words) > maxQuoted {
		words = append(words[:maxQuoted], '…')
	}
	return `"` + string(words) + `"`
}

var (
	webAddress = regexp.MustCompile(`(?i)\b(https?://|www\.)\S+`)
	// mailAddress says nothing, even where it is facturen@.
	mailAddress = regexp.MustCompile(`[\w.+-]+@[\w-]+(\.[\w-]+)+`)
	// abbreviations whose points end no sentence.
	abbreviation = regexp.MustCompile(`(?i)\b(a\.u\.b|s\.v\.p|o\.v\.v|i\.v\.m|t\.a\.v|t\.b\.v|d\.d|m\.b\.t|n\.a\.v|i\.p\.v|o\.a|e\.d|z\.s\.m|t/m|d\.w\.z|nr|nrs|evt|bijv|bv|ca|dhr|mevr|mw|incl|excl|tel|resp|no|inv|approx|e\.g|i\.e|z\.b|bzw|usw|ggf|art|jl|rek|fact)\.`)
	// day is a day of the month with a point behind it: 3. Mai.
	day = regexp.MustCompile(`(?i)\b\d{1,2}\. ?(jan|feb|m.r|maart|mrt|apr|mai|mei|jun|jul|aug|sep|okt|nov|de[cz])`)
	// terminal ends a sentence: a mark and a space, or a mark at the end.
	terminal = regexp.MustCompile(`[.!?]+["')]*(\s+|$)`)
	newItem  = regexp.MustCompile(`^\s*([-*•–]|\(?\d{1,2}[.)]\s|[a-z][.)]\s)`)
)

// sentencesOf takes a text apart. Lines that were broken to fit are joined;
// an empty line, an item of a list and a salutation stand apart.
func sentencesOf(text string) []sentence {
	var found []sentence
	for _, block := range blocksOf(webAddress.ReplaceAllString(text, "(link)")) {
		block = day.ReplaceAllStringFunc(abbreviation.ReplaceAllStringFunc(block, harmless), harmless)
		start := 0
		for _, end := range append(terminal.FindAllStringIndex(block, -1), []int{len(block), len(block)}) {
			if number := strings.TrimSpace(block[start:end[1]]); newItem.MatchString(number+" ") && len(number) < 4 {
				continue // "1." begins an item
			}
			written := strings.ReplaceAll(block[start:end[1]], "\u2024", ".")
			if s := newSentence(written); s.folded != "" {
				found = append(found, s)
			}
			start = end[1]
		}
	}
	return found
}

// harmless makes points that end no sentence invisible to terminal.
func harmless(s string) string { return strings.ReplaceAll(s, ".", "\u2024") }

func blocksOf(text string) []string {
	var blocks []string
	open := false
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" {
			open = false
			continue
		}
		if open && !newItem.MatchString(line) {
			blocks[len(blocks)-1] += " " + line
		} else {
			blocks = append(blocks, line)
		}
		open = !strings.HasSuffix(line, ",") || len(line) > 50 // a salutation ends with a comma
	}
	return blocks
}

// fold makes spelling variants alike: lower case, no accents, straight quotes.
func fold(s string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(s) {
		switch {
		case r < unicode.MaxASCII:
			b.WriteRune(r)
		case r == 'ß':
			b.WriteString("ss")
		case r == '’' || r == '‘' || r == '´':
			b.WriteByte('\'')
		case r == '\u2024':
			b.WriteByte('.')
		case unicode.IsSpace(r):
			b.WriteByte(' ')
		case unicode.IsLetter(r):
			b.WriteRune(base(r))
		default:
			b.WriteByte(' ')
		}
	}
	return strings.TrimSpace(b.String())
}

func base(r rune) rune {
	for _, letters := range [...]string{"aàáâãäå", "cç", "eèéêë", "iìíîï", "nñ", "oòóôõö", "uùúûü", "yýÿ"} {
		if strings.ContainsRune(letters, r) {
			return rune(letters[0])
		}
	}
	return r
}

// first returns the first sentence that a pattern recognises.
func first(text []sentence, p pattern) (sentence, bool) {
	for _, s := range text {
		if p.matches(s) {
			return s, true
		}
	}
	return sentence{}, false
}
