package report_test

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/report"
)

func written(t *testing.T, r *report.Report, f report.Form) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := r.Write(&b, f); err != nil {
		t.Fatalf("%s as %s: %v", r.Name, f.Format, err)
	}
	return b.Bytes()
}

func allReports(t *testing.T, check func(t *testing.T, kind report.Kind, r *report.Report)) {
	g := aYear(t)
	for _, kind := range report.Kinds() {
		t.Run(kind.Name, func(t *testing.T) {
			check(t, kind, g.report(t, report.Question{Name: kind.Name, Invoices: len(kind.By) > 0, Files: kind.Name == "postings"}))
		})
	}
}

// needs skips a test that takes another program, where that is not required.
func needs(t *testing.T, program string) string {
	t.Helper()
	found, err := exec.LookPath(program)
	if err == nil {
		return found
	}
	if os.Getenv("FACTUREN_INTEGRATION") == "1" {
		t.Fatalf("%s is not installed", program)
	}
	t.Skipf("%s is not installed", program)
	return ""
}

func TestTheSameQuestionGivesTheSameBytes(t *testing.T) {
	g := aYear(t)
	allReports(t, func(t *testing.T, kind report.Kind, first *report.Report) {
		again := g.report(t, report.Question{Name: kind.Name, Invoices: len(kind.By) > 0, Files: kind.Name == "postings"})
		for _, format := range kind.Formats() {
			if a, b := written(t, first, report.Form{Format: format}), written(t, again, report.Form{Format: format}); !bytes.Equal(a, b) {
				t.Errorf("two times %s are %d and %d bytes, and differ", format, len(a), len(b))
			}
		}
	})
}

func TestEveryFormatSaysWhereItComesFrom(t *testing.T) {
	allReports(t, func(t *testing.T, kind report.Kind, r *report.Report) {
		for _, format := range kind.Formats() {
			data := string(written(t, r, report.Form{Format: format}))
			if format == "xaf" || format == report.UBL {
				continue // its schema has no place for it; the list in the export says it
			}
			if format == "xlsx" {
				data = sheetText(t, []byte(data), "Toelichting")
			}
			if format == "text" {
				data = strings.Join(strings.Fields(data), " ") // its lines are broken
			}
			for _, said := range []string{r.AuditHead, r.Definitions[0].Meaning} {
				if format == "html" {
					said = strings.ReplaceAll(said, "'", "&#39;")
				}
				if !strings.Contains(data, said) {
					t.Errorf("%s does not say %q", format, said)
				}
			}
		}
	})
}

func sheetText(t *testing.T, data []byte, sheet string) string {
	t.Helper()
	f := got(excelize.OpenReader(bytes.NewReader(data)))(t)
	defer f.Close()
	var b strings.Builder
	for _, row := range got(f.GetRows(sheet))(t) {
		b.WriteString(strings.Join(row, " ") + "\n")
	}
	return b.String()
}

// unquoted takes off the apostrophe that keeps a spreadsheet from calculating.
func unquoted(cell string) string { return strings.TrimPrefix(cell, "'") }

func TestCSVIsReadBackWithoutLoss(t *testing.T) {
	allReports(t, func(t *testing.T, _ report.Kind, r *report.Report) {
		for i := range r.Tables {
			of := &r.Tables[i]
			rows := slices.Clone(of.Rows)
			if of.Total != nil {
				total := slices.Clone(of.Total)
				if shown(total[0]) == "" {
					total[0] = "Totaal"
				}
				rows = append(rows, total)
			}
			for _, dialect := range []string{"", "nl"} {
				data := written(t, r, report.Form{Format: "csv", Dialect: dialect, Table: of.Name})
				reader := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
				if dialect == "nl" {
					reader.Comma = ';'
				}
				lines := got(reader.ReadAll())(t)
				if len(lines) != len(rows)+1 {
					t.Fatalf("%s: %d lines of %d rows", of.Name, len(lines), len(rows))
				}
				for n, row := range rows {
					for c, cell := range row {
						if text := lines[n+1][c]; readBack(t, text, dialect, cell) != fmt.Sprint(shown(cell)) {
							t.Fatalf("%s: %v came back as %q", of.Columns[c].Name, cell, text)
						}
					}
				}
			}
		}
	})
}

// shown is a cell as its value is compared.
func shown(cell any) any {
	switch v := cell.(type) {
	case nil:
		return ""
	case calendar.Date:
		return v.String()
	case invoice.Cents:
		return int64(v)
	case report.Share:
		if v.Whole == 0 {
			return ""
		}
		tenths := (v.Part*1000 + v.Whole/2) / v.Whole
		if tenths == 1000 && v.Part != v.Whole {
			tenths = 999
		}
		return tenths
	case report.Mean:
		if v.Number == 0 {
			return ""
		}
		return (v.Sum*10 + v.Number/2) / v.Number
	}
	return cell
}

// readBack reads a cell as another program would, by the kind of its column.
func readBack(t *testing.T, text, dialect string, like any) string {
	t.Helper()
	if dialect == "nl" {
		switch like.(type) {
		case calendar.Date:
			if text != "" {
				parts := strings.Split(text, "-")
				return parts[2] + "-" + parts[1] + "-" + parts[0]
			}
		case report.YearMonth:
			if name, year, found := strings.Cut(text, " "); found {
				return fmt.Sprintf("%s-%02d", year, strings.Index("jan feb mrt apr mei jun jul aug sep okt nov dec", name)/4+1)
			}
		case invoice.Cents, report.Share, report.Mean:
			text = strings.Replace(text, ",", ".", 1)
		}
	}
	switch like.(type) {
	case string:
		return unquoted(text)
	case invoice.Cents, report.Share, report.Mean:
		digits := strings.TrimLeft(strings.Replace(strings.TrimPrefix(text, "-"), ".", "", 1), "0")
		if digits == "" && text != "" {
			digits = "0"
		}
		if strings.HasPrefix(text, "-") {
			return "-" + digits
		}
		return digits
	}
	return text
}

func TestJSONHasAKeyForEachColumn(t *testing.T) {
	allReports(t, func(t *testing.T, _ report.Kind, r *report.Report) {
		var out struct {
			Report string `json:"report"`
			Trail  struct {
				Head string `json:"head"`
			} `json:"trail"`
			Tables []struct {
				Columns []report.Column  `json:"columns"`
				Rows    []map[string]any `json:"rows"`
			} `json:"tables"`
		}
		if err := json.Unmarshal(written(t, r, report.Form{Format: "json"}), &out); err != nil {
			t.Fatal(err)
		}
		if out.Report != r.Name || out.Trail.Head != r.AuditHead || len(out.Tables) != len(r.Tables) {
			t.Fatalf("%s with %d tables at %s", out.Report, len(out.Tables), out.Trail.Head)
		}
		for i, of := range out.Tables {
			if len(of.Rows) != len(r.Tables[i].Rows) {
				t.Fatalf("table %d has %d rows", i, len(of.Rows))
			}
			for _, row := range of.Rows {
				if len(row) != len(of.Columns) {
					t.Fatalf("%d keys of %d columns: two have one name", len(row), len(of.Columns))
				}
			}
		}
	})
}

func TestWorkbookHasTypedCells(t *testing.T) {
	g := aYear(t)
	data := written(t, g.report(t, report.Question{Name: "payment-terms", Invoices: true}), report.Form{Format: "xlsx"})
	f := got(excelize.OpenReader(bytes.NewReader(data)))(t)
	defer f.Close()
	sheet := f.GetSheetList()[0]
	for cell, want := range map[string]excelize.CellType{"A2": excelize.CellTypeInlineString, "B2": excelize.CellTypeUnset, "C2": excelize.CellTypeUnset, "G2": excelize.CellTypeUnset} {
		if kind := got(f.GetCellType(sheet, cell))(t); kind != want {
			t.Errorf("%s is of type %d, want %d", cell, kind, want)
		}
	}
	if share := got(f.GetCellValue(sheet, "G2"))(t); !strings.HasSuffix(share, "%") {
		t.Errorf("the share is shown as %q", share)
	}
	if panes := got(f.GetPanes(sheet))(t); !panes.Freeze || panes.YSplit != 1 {
		t.Errorf("the header is not frozen: %+v", panes)
	}
	if tables := got(f.GetTables(sheet))(t); len(tables) != 1 {
		t.Errorf("%d tables with filters", len(tables))
	}
	charts := 0
	for _, part := range got(zip.NewReader(bytes.NewReader(data), int64(len(data))))(t).File {
		if strings.HasPrefix(part.Name, "xl/charts/chart") {
			charts++
		}
	}
	if charts != 2 {
		t.Errorf("%d charts, want one of the months and one of the causes", charts)
	}
}

// LibreOffice reads the workbook, calculates and writes it anew as csv: the
// same figures, and nothing to complain of.
func TestLibreOfficeReadsTheWorkbook(t *testing.T) {
	office := needs(t, "soffice")
	g := aYear(t)
	r := g.report(t, report.Question{Name: "payment-terms"})
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "report.xlsx"), written(t, r, report.Form{Format: "xlsx"}), 0o600); err != nil {
		t.Fatal(err)
	}
	// 44 is the comma, 34 the quote, 76 UTF-8; cells as they are stored, in en-US.
	said, err := exec.Command(office, "--headless", "-env:UserInstallation=file://"+folder+"/profile", "--convert-to",
		"csv:Text - txt - csv (StarCalc):44,34,76,1,,1033,false,false,false", "--outdir", folder, filepath.Join(folder, "report.xlsx")).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	for _, bad := range []string{"Error", "error", "corrupt", "repair"} {
		if strings.Contains(string(said), bad) {
			t.Errorf("LibreOffice says: %s", said)
		}
	}
	lines := got(csv.NewReader(bytes.NewReader(got(os.ReadFile(filepath.Join(folder, "report.csv")))(t))).ReadAll())(t)
	of := table(t, r, "groups")
	for n, row := range of.Rows {
		want := fmt.Sprint(cell[int](t, of, row, "received"))
		if lines[n+1][1] != want || lines[n+1][0] != cell[report.YearMonth](t, of, row, "month").Dutch() {
			t.Errorf("row %d reads %q, want %s received", n, lines[n+1][:3], want)
		}
	}
}

func TestPageStandsAlone(t *testing.T) {
	allReports(t, func(t *testing.T, _ report.Kind, r *report.Report) {
		data := string(written(t, r, report.Form{Format: "html"}))
		for _, foreign := range []string{"<script", "<link", "@import", "url(", "http://", "https://", "<img", "<iframe"} {
			if strings.Contains(data, foreign) {
				t.Errorf("the page has %s", foreign)
			}
		}
		decoder := xml.NewDecoder(strings.NewReader(data))
		decoder.Strict, decoder.AutoClose, decoder.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
		ids := map[string]bool{}
		for {
			token, err := decoder.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			start, ok := token.(xml.StartElement)
			if !ok {
				continue
			}
			for _, a := range start.Attr {
				if a.Name.Local == "id" && ids[a.Value] {
					t.Errorf("two elements have the id %s", a.Value)
				}
				if a.Name.Local == "id" {
					ids[a.Value] = true
				}
			}
		}
	})
}

func TestAuditFileBalances(t *testing.T) {
	g := aYear(t)
	data := written(t, g.report(t, report.Question{Name: "postings"}), report.Form{Format: "xaf"})
	var file struct {
		Lines   int    `xml:"company>transactions>linesCount"`
		Debit   string `xml:"company>transactions>totalDebit"`
		Credit  string `xml:"company>transactions>totalCredit"`
		Entries []struct {
			Lines []struct {
				Amount string `xml:"amnt"`
				Side   string `xml:"amntTp"`
			} `xml:"trLine"`
		} `xml:"company>transactions>journal>transaction"`
	}
	if err := xml.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	lines := 0
	for _, entry := range file.Entries {
		var balance invoice.Cents
		for _, line := range entry.Lines {
			amount, _ := invoice.ParseAmount(line.Amount, "EUR").Cents()
			if line.Side == "C" {
				amount = -amount
			}
			balance += amount
			lines++
		}
		if balance != 0 {
			t.Errorf("an entry is %s out of balance", balance)
		}
	}
	if lines != file.Lines || file.Debit != file.Credit || lines < 500 {
		t.Errorf("%d lines, stated %d; %s debit and %s credit", lines, file.Lines, file.Debit, file.Credit)
	}
}

func TestOpenDataNamesNobody(t *testing.T) {
	g := aYear(t)
	data := string(written(t, g.report(t, report.Question{Name: "open-data"}), report.Form{Format: "csv"}))
	for _, h := range holders {
		for _, private := range []string{h.supplier.Name, h.supplier.IBAN, h.supplier.KvK, h.reference, h.holder, "F2026-"} {
			if strings.Contains(data, private) {
				t.Errorf("it says %q", private)
			}
		}
	}
}

func TestWrongQuestions(t *testing.T) {
	g := aYear(t)
	for name, q := range map[string]report.Question{
		"no such report":   {Name: "weather", Period: wholeYear, On: lastDay},
		"no period":        {Name: "year", On: lastDay},
		"backwards":        {Name: "year", Period: report.Period{From: wholeYear.Until, Until: wholeYear.From}, On: lastDay},
		"a century":        {Name: "year", Period: report.Period{From: calendar.MustParse("1926-01-01"), Until: wholeYear.Until}, On: lastDay},
		"no day":           {Name: "year", Period: wholeYear},
		"the past":         {Name: "year", Period: wholeYear, On: firstDay},
		"no such grouping": {Name: "payment-terms", Period: wholeYear, On: lastDay, By: "colour"},
		"no such group":    {Name: "payment-terms", Period: wholeYear, On: lastDay, By: "month", Group: "1999-01"},
	} {
		var wrong *report.WrongQuestion
		if _, err := report.Make(t.Context(), g.Store, q, settings()); !errors.As(err, &wrong) {
			t.Errorf("%s: %v", name, err)
		}
	}
	r := g.report(t, report.Question{Name: "year"})
	for _, f := range []report.Form{{Format: "docx"}, {Format: "xaf"}, {Format: "csv", Dialect: "fr"}, {Format: "csv", Table: "none"}} {
		var wrong *report.WrongQuestion
		if err := r.Write(io.Discard, f); !errors.As(err, &wrong) {
			t.Errorf("%+v: %v", f, err)
		}
	}
}
