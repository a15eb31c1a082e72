package mailbox

import "testing"

func TestNewTextIsWithoutWhatIsQuoted(t *testing.T) {
	tests := map[string]struct{ text, want string }{
		"nothing quoted": {"Wanneer betaalt u?\n\nGroet, Jan", "Wanneer betaalt u?\n\nGroet, Jan"},
		"above the quotation": {
			"Wanneer betaalt u?\n\nOp di 8 sep. 2026 om 09:02 schreef facturen@ommen.nl:\n> Wij hebben uw factuur ontvangen.\n>\n> Gemeente Ommen", "Wanneer betaalt u?"},
		"below the quotation": {
			"On 8 Sep 2026, Gemeente Ommen wrote:\n\n> Received.\n\nWhen will you pay?", "When will you pay?"},
		"between the lines": {
			"> Klopt het bedrag?\nJa.\n> En de datum?\nNee.", "Ja.\nNee."},
		"an attribution on two lines": {
			"Dank.\n\nOp di 8 sep. 2026 om 09:02 schreef Gemeente Ommen <\nfacturen@ommen.nl>:\n\n> Ontvangen.", "Dank."},
		"a separator": {
			"Dank.\n\n-----Oorspronkelijk bericht-----\nVan: facturen@ommen.nl\n\nWij hebben uw factuur ontvangen.", "Dank."},
		"Outlook's header": {
			"Dank.\n\nVan: Gemeente Ommen\nVerzonden: dinsdag 8 september 2026\nAan: Jan\n\nWij hebben uw factuur ontvangen.", "Dank."},
		"German": {
			"Danke.\n\nAm 8. September 2026 um 09:02 schrieb Gemeente Ommen:\n> Erhalten.", "Danke."},
		"a sentence that looks like an attribution": {
			"Op 8 september schreef u dit:\nuw factuur is afgewezen. Waarom?", "Op 8 september schreef u dit:\nuw factuur is afgewezen. Waarom?"},
		"a line with Van":    {"Van: Ommen\nnaar: Zwolle, 30 km", "Van: Ommen\nnaar: Zwolle, 30 km"},
		"nothing but quotes": {"> Ontvangen.", ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := withoutQuotes(test.text); got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}

func TestTextOfHTML(t *testing.T) {
	tests := map[string]struct{ source, want string }{
		"paragraphs":   {"<html><head><title>x</title><style>p{}</style></head><body><p>Hallo,</p><p>Is <b>Z71</b> al\n betaald?<br>Groet</p><script>x()</script></body>", "Hallo,\nIs Z71 al betaald?\nGroet\n"},
		"entities":     {"<p>caf&eacute;&nbsp;&euro;&nbsp;5 &amp;lt; 6</p>", "café € 5 &lt; 6\n"},
		"a table":      {"<table><tr><td>Factuur</td><td>100</td></tr><tr><td>Bedrag</td><td>5</td></tr></table>", "Factuur 100\nBedrag 5\n"},
		"a quotation":  {"<div>Dank.</div><blockquote>Wij hebben<br>ontvangen.</blockquote><div>Groet</div>", "Dank.\n> Wij hebben\n> ontvangen.\nGroet\n"},
		"no end tags":  {"<p>een<p>twee", "een\ntwee\n"},
		"no HTML":      {"zomaar < 5 tekst", "zomaar < 5 tekst\n"},
		"a broken tag": {"<p>een</p><style>p{", "een\n"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := htmlText(test.source); got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}

func TestTextOfAMessage(t *testing.T) {
	tests := map[string]struct {
		raw  []byte
		want string
	}{
		"plain, in ISO-8859-15":         {letter("Subject: x\nContent-Type: text/plain; charset=iso-8859-15\n\nlunch \xa4 10, \xe9\xe9n persoon"), "lunch € 10, één persoon"},
		"in a character set of no name": {letter("Subject: x\nContent-Type: text/plain; charset=x-onbekend\n\ncaf\xe9"), "café"},
		"called ASCII, in fact UTF-8":   {letter("Subject: x\nContent-Type: text/plain; charset=us-ascii\n\ncafé"), "café"},
		"called UTF-8, in fact Latin-1": {letter("Subject: x\nContent-Type: text/plain; charset=utf-8\n\ncaf\xe9"), "café"},
		"in Japanese":                   {letter("Subject: x\nContent-Type: text/plain; charset=iso-2022-jp\n\n\x1b$B@A5a=q\x1b(B"), "請求書"},
		"with NUL bytes":                {letter("Subject: x\n\nHierbij\x00 de factuur"), "Hierbij  de factuur"},
		"only HTML":                     {letter("Subject: x\nContent-Type: text/html\n\n<p>Hallo</p>"), "Hallo"},
		"both: the plain one":           {letter("Subject: x\nContent-Type: multipart/alternative; boundary=b\n\n--b\n\nplat\n--b\nContent-Type: text/html\n\n<p>html</p>\n--b--\n"), "plat"},
		"both, the plain one empty":     {letter("Subject: x\nContent-Type: multipart/alternative; boundary=b\n\n--b\n\n \n--b\nContent-Type: text/html\n\n<p>html</p>\n--b--\n"), "html"},
		"flowed":                        {letter("Subject: x\nContent-Type: text/plain; format=flowed\n\nDeze zin loopt \ndoor.\n> Dit ook, \n> zie je.\n-- \nJan"), "Deze zin loopt door.\n> Dit ook, zie je.\n-- \nJan"},
		"flowed, spaces deleted":        {letter("Subject: x\nContent-Type: text/plain; format=flowed; delsp=yes\n\nfactuur \nnummer"), "factuurnummer"},
		"no type at all":                {letter("Subject: x\n\nHallo"), "Hallo"},
		"a type that is none":           {letter("Subject: x\nContent-Type: text\n\nHallo"), "Hallo"},
		"two parts":                     {mixed("Content-Type: text/plain\n\neen", "Content-Type: text/plain\n\ntwee"), "een\ntwee"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			m := parse(test.raw)
			if m.Text != test.want || len(m.Documents) > 0 {
				t.Errorf("%q and %d documents, want %q", m.Text, len(m.Documents), test.want)
			}
		})
	}
}
