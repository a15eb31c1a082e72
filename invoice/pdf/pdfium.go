package pdf

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/enums"
	pdfiumerrors "github.com/klippa-app/go-pdfium/errors"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/responses"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
)

// engine is PDFium in its sandbox: no files, no network, limited memory.
type engine struct {
	limits  Limits
	library pdfium.Pdfium
	spent   bool // it failed in a way that leaves it in no known state
}

func newEngine(s settings) (*engine, error) {
	const pageSize = 64 << 10 // WebAssembly core specification §4.2.8
	config := wazero.NewRuntimeConfig().
		// PDFium's setjmp is compiled to WebAssembly exceptions.
		WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling).
		WithMemoryLimitPages(uint32(s.Limits.Memory / pageSize))
	// WithCloseOnContextDone would make every call into PDFium four times as slow;
	// time is kept by the program that asks, which kills this process.
	if s.CacheDir != "" {
		cache, err := wazero.NewCompilationCacheWithDir(s.CacheDir)
		if err != nil {
			return nil, fmt.Errorf("the folder for PDFium's code: %w", err)
		}
		config = config.WithCompilationCache(cache)
	}
	pool, err := webassembly.Init(webassembly.Config{
		Context: context.Background(), MinIdle: 1, MaxIdle: 1, MaxTotal: 1, ReuseWorkers: true,
		FSConfig: wazero.NewFSConfig(), RuntimeConfig: config,
		Stdout: io.Discard, Stderr: io.Discard,
	})
	if err != nil {
		return nil, fmt.Errorf("starting PDFium: %w", err)
	}
	library, err := pool.GetInstance(time.Minute)
	if err != nil {
		return nil, fmt.Errorf("starting PDFium: %w", err)
	}
	return &engine{limits: s.Limits, library: library}, nil
}

func (e *engine) read(data []byte) (document *Document, why fault) {
	defer func() {
		if failure := recover(); failure != nil {
			e.spent, document, why = true, nil, fault(fmt.Sprint(failure))
		}
	}()
	why = e.open(data, func(ref references.FPDF_DOCUMENT) (err error) {
		document, err = e.document(ref)
		return err
	})
	return document, why
}

// open opens a document for as long as use takes.
func (e *engine) open(data []byte, use func(references.FPDF_DOCUMENT) error) fault {
	opened, err := e.library.OpenDocument(&requests.OpenDocument{File: &data})
	switch {
	case errors.Is(err, pdfiumerrors.ErrPassword):
		return faultPassword
	case errors.Is(err, pdfiumerrors.ErrFormat), errors.Is(err, pdfiumerrors.ErrFile), errors.Is(err, pdfiumerrors.ErrSecurity):
		return fault(err.Error())
	case err != nil:
		e.spent = true
		return fault(err.Error())
	}
	err = use(opened.Document)
	if _, closing := e.library.FPDF_CloseDocument(&requests.FPDF_CloseDocument{Document: opened.Document}); err == nil {
		err = closing
	}
	if err != nil {
		e.spent = true
		return fault(err.Error())
	}
	return faultNone
}

func (e *engine) document(ref references.FPDF_DOCUMENT) (*Document, error) {
	count, err := e.library.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: ref})
	if err != nil {
		return nil, err
	}
	d := &Document{PageCount: count.PageCount}
	if security, err := e.library.FPDF_GetSecurityHandlerRevision(&requests.FPDF_GetSecurityHandlerRevision{Document: ref}); err == nil {
		d.Encrypted = security.SecurityHandlerRevision >= 0
	}
	if producer, err := e.library.FPDF_GetMetaText(&requests.FPDF_GetMetaText{Document: ref, Tag: "Producer"}); err == nil {
		d.Producer = producer.Value
	}
	if err := e.embedded(d, ref); err != nil {
		return nil, err
	}
	for i := range min(count.PageCount, e.limits.Pages) {
		page, err := e.page(d, ref, i)
		if err != nil {
			return nil, fmt.Errorf("page %d: %w", i+1, err)
		}
		d.Pages = append(d.Pages, page)
	}
	return d, nil
}

// page reads one page; one that PDFium cannot open is empty, as in a viewer.
func (e *engine) page(d *Document, ref references.FPDF_DOCUMENT, index int) (Page, error) {
	loaded, err := e.library.FPDF_LoadPage(&requests.FPDF_LoadPage{Document: ref, Index: index})
	if errors.Is(err, pdfiumerrors.ErrPage) || errors.Is(err, pdfiumerrors.ErrSuccess) || errors.Is(err, pdfiumerrors.ErrFormat) {
		return Page{}, nil
	}
	if err != nil {
		return Page{}, err
	}
	page := requests.Page{ByReference: &loaded.Page}
	defer e.library.FPDF_ClosePage(&requests.FPDF_ClosePage{Page: loaded.Page})
	if err := e.attached(d, ref, page); err != nil {
		return Page{}, err
	}
	text, err := e.library.FPDFText_LoadPage(&requests.FPDFText_LoadPage{Page: page})
	if err != nil {
		return Page{}, nil // without text
	}
	defer e.library.FPDFText_ClosePage(&requests.FPDFText_ClosePage{TextPage: text.TextPage})
	count, err := e.library.FPDFText_CountChars(&requests.FPDFText_CountChars{TextPage: text.TextPage})
	if err != nil || count.Count == 0 {
		return Page{}, nil
	}
	if count.Count > e.limits.Characters {
		return Page{}, fmt.Errorf("%d characters, where %d are allowed", count.Count, e.limits.Characters)
	}
	structured, err := e.library.GetPageTextStructured(&requests.GetPageTextStructured{
		Page: page, Mode: requests.GetPageTextStructuredModeChars,
	})
	if err != nil {
		return Page{}, err
	}
	hidden, err := e.hidden(text.TextPage, structured.Chars)
	if err != nil {
		return Page{}, err
	}
	return Page{Words: words(characters(structured.Chars)), Hidden: hidden}, nil
}

// hidden reports whether a word of the page is drawn invisibly (ISO 32000-1
// §9.3.6, mode 3).
func (e *engine) hidden(text references.FPDF_TEXTPAGE, stated []*responses.GetPageTextStructuredChar) (bool, error) {
	for i, c := range stated {
		if blank(c.Text) || i > 0 && !blank(stated[i-1].Text) {
			continue // not the first of a word
		}
		object, err := e.library.FPDFText_GetTextObject(&requests.FPDFText_GetTextObject{TextPage: text, Index: i})
		if err != nil {
			continue // a character that PDFium put in itself
		}
		mode, err := e.library.FPDFTextObj_GetTextRenderMode(&requests.FPDFTextObj_GetTextRenderMode{PageObject: object.TextObject})
		if err != nil {
			return false, err
		}
		if mode.TextRenderMode == enums.FPDF_TEXTRENDERMODE_INVISIBLE {
			return true, nil
		}
	}
	return false, nil
}

func characters(stated []*responses.GetPageTextStructuredChar) []character {
	characters := make([]character, 0, len(stated))
	for _, c := range stated {
		p := c.PointPosition
		characters = append(characters, character{c.Text, c.Angle, Box{p.Left, -p.Top, p.Right, -p.Bottom}})
	}
	return characters
}

// embedded reads the files of the document's name tree.
func (e *engine) embedded(d *Document, ref references.FPDF_DOCUMENT) error {
	count, err := e.library.FPDFDoc_GetAttachmentCount(&requests.FPDFDoc_GetAttachmentCount{Document: ref})
	if err != nil {
		return err
	}
	for i := range count.AttachmentCount {
		a, err := e.library.FPDFDoc_GetAttachment(&requests.FPDFDoc_GetAttachment{Document: ref, Index: i})
		if err != nil {
			continue // an entry that leads nowhere
		}
		if err := e.attachment(d, a.Attachment); err != nil {
			return err
		}
	}
	return nil
}

// attached reads the files that hang on a page as annotations.
func (e *engine) attached(d *Document, ref references.FPDF_DOCUMENT, page requests.Page) error {
	count, err := e.library.FPDFPage_GetAnnotCount(&requests.FPDFPage_GetAnnotCount{Page: page})
	if err != nil {
		return err
	}
	const most = 1000
	for i := range min(count.Count, most) {
		annotation, err := e.library.FPDFPage_GetAnnot(&requests.FPDFPage_GetAnnot{Page: page, Index: i})
		if err != nil {
			continue // an entry that leads nowhere
		}
		subtype, err := e.library.FPDFAnnot_GetSubtype(&requests.FPDFAnnot_GetSubtype{Annotation: annotation.Annotation})
		if err == nil && subtype.Subtype == enums.FPDF_ANNOT_SUBTYPE_FILEATTACHMENT {
			file, err := e.library.FPDFAnnot_GetFileAttachment(&requests.FPDFAnnot_GetFileAttachment{Document: ref, Annotation: annotation.Annotation})
			if err == nil {
				if err := e.attachment(d, file.Attachment); err != nil {
					return err
				}
			}
		}
		if _, err := e.library.FPDFPage_CloseAnnot(&requests.FPDFPage_CloseAnnot{Annotation: annotation.Annotation}); err != nil {
			return err
		}
	}
	return nil
}

func (e *engine) attachment(d *Document, ref references.FPDF_ATTACHMENT) error {
	const most = 200
	if len(d.Attachments) >= most {
		return fmt.Errorf("more than %d attachments", most)
	}
	name, err := e.library.FPDFAttachment_GetName(&requests.FPDFAttachment_GetName{Attachment: ref})
	if err != nil {
		name = &responses.FPDFAttachment_GetName{}
	}
	file, err := e.library.FPDFAttachment_GetFile(&requests.FPDFAttachment_GetFile{Attachment: ref})
	if err != nil || len(file.Contents) == 0 {
		return nil // named, but without content
	}
	size := len(file.Contents)
	for _, a := range d.Attachments {
		size += len(a.Content)
	}
	if size > e.limits.Attached {
		return fmt.Errorf("attachments of more than %d MB", e.limits.Attached>>20)
	}
	d.Attachments = append(d.Attachments, Attachment{Name: name.Name, Content: file.Contents})
	return nil
}
