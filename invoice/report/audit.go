package report

import (
	"ommen.nl/facturen/invoice/store"
)

var auditDefinitions = []Definition{
	{"Regel", "een handeling in het controlespoor: wie wat wanneer met welk stuk deed. facturen is het programma zelf."},
	{"Hoofd", "de samenvatting van het spoor tot en met een regel (Merkle-boom, RFC 6962). Wie het hoofd noteert, kan later aantonen dat geen regel van toen is veranderd: facturen verify rekent het na."},
}

// ring is the head of the trail after so many lines.
type ring struct {
	when  string
	lines int
	head  string
}

func makeAudit(m *maker) error {
	acts, err := m.tx.Acts(m.From, m.Until)
	if err != nil {
		return err
	}
	var last int64
	persons, actions := map[string]*flagged{}, map[string]*flagged{}
	total := &store.Acts{Actor: "Totaal"}
	first := m.report.AuditSize + 1
	for _, a := range acts {
		first, last = min(first, a.First), max(last, a.Last)
		total.Number += a.Number
		for key, sums := range map[string]map[string]*flagged{a.Actor: persons, a.Action: actions} {
			if sums[key] == nil {
				sums[key] = &flagged{flag: key}
			}
			sums[key].number += a.Number
		}
	}
	rings := []ring{}
	for _, r := range []ring{{when: "voor de eerste regel van de periode", lines: int(first - 1)}, {when: "na de laatste regel van de periode", lines: int(last)}} {
		if len(acts) == 0 || r.lines == 0 {
			continue
		}
		if r.head, err = m.tx.HeadAt(int64(r.lines)); err != nil {
			return err
		}
		rings = append(rings, r)
	}
	byNumber := func(f *flagged) (int, string) { return f.number, f.flag }
	columns := func(name, title string) []column[*flagged] {
		return []column[*flagged]{text(name, title, func(f *flagged) string { return f.flag }), count("lines", "Regels", func(f *flagged) int { return f.number })}
	}
	m.add(tableOf("heads", "Hoofd van het spoor", rings, []column[ring]{
		text("when", "Stand", func(r ring) string { return r.when }),
		count("lines", "Regels", func(r ring) int { return r.lines }),
		text("head", "Hoofd", func(r ring) string { return r.head }),
	}), tableOf("actions", "Naar handeling", sortedBy(actions, byNumber), columns("action", "Handeling")),
		tableOf("actors", "Naar persoon", sortedBy(persons, byNumber), columns("actor", "Wie")),
		totalled("acts", "Wie wat deed", acts, total, []column[*store.Acts]{
			text("actor", "Wie", func(a *store.Acts) string { return a.Actor }),
			text("action", "Handeling", func(a *store.Acts) string { return a.Action }),
			count("lines", "Regels", func(a *store.Acts) int { return a.Number }),
		}))
	return nil
}
