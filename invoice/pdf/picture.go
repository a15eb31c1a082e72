package pdf

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/png"
	"math"

	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
)

// Picture is a page as it is seen, in shades of grey.
type Picture struct {
	PNG       []byte  `json:"png"`
	PerPoint  float64 `json:"per_point"`  // pixels in a point of 1/72 inch
	PageCount int     `json:"page_count"` // of the file
}

// What a program that recognises text asks for, and the most that it is given:
// a page of A4 at 300 dots per inch has 8.7 million pixels.
const (
	dotsPerInch   = 300
	pixelsAtMost  = 10_000_000
	decodedAtMost = 30_000_000 // pixels of an image file, before it is made smaller
)

// picture draws a page, which counts from 1, of a PDF or an image file.
func (e *engine) picture(data []byte, page int) (picture *Picture, why fault) {
	defer func() {
		if failure := recover(); failure != nil {
			e.spent, picture, why = true, nil, fault(fmt.Sprint(failure))
		}
	}()
	picture, err := drawImage(data, page)
	switch {
	case errors.Is(err, errNoImage):
		why = e.open(data, func(ref references.FPDF_DOCUMENT) (err error) {
			picture, err = e.draw(ref, page)
			return err
		})
		return picture, why
	case err != nil:
		return nil, fault(err.Error())
	}
	return picture, faultNone
}

// draw renders a page with PDFium.
func (e *engine) draw(ref references.FPDF_DOCUMENT, page int) (*Picture, error) {
	count, err := e.library.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: ref})
	if err != nil {
		return nil, err
	}
	if page < 1 || page > count.PageCount {
		return nil, fmt.Errorf("page %d of %d", page, count.PageCount)
	}
	size, err := e.library.FPDF_GetPageSizeByIndex(&requests.FPDF_GetPageSizeByIndex{Document: ref, Index: page - 1})
	if err != nil {
		return nil, err
	}
	inches := size.Width * size.Height / (72 * 72)
	dpi := min(dotsPerInch, int(math.Sqrt(pixelsAtMost/inches)))
	if !(inches > 0) || dpi < 1 {
		return nil, fmt.Errorf("a page of %.0f by %.0f points", size.Width, size.Height)
	}
	rendered, err := e.library.RenderPageInDPI(&requests.RenderPageInDPI{
		Page: requests.Page{ByIndex: &requests.PageByIndex{Document: ref, Index: page - 1}}, DPI: dpi, ImageFormat: requests.RenderImageFormatGrayscale,
	})
	if err != nil {
		return nil, err
	}
	defer rendered.Cleanup()
	picture, err := encode(rendered.Result.RenderedImage)
	if err != nil {
		return nil, err
	}
	picture.PerPoint, picture.PageCount = float64(dpi)/72, count.PageCount
	return picture, nil
}

// encode takes the image for a sheet of A4, which is 842 points long, as most
// scanners and telephones do not say how large it is.
func encode(seen image.Image) (*Picture, error) {
	const long = 842
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&b, seen); err != nil {
		return nil, err
	}
	size := seen.Bounds().Size()
	return &Picture{PNG: b.Bytes(), PerPoint: float64(max(size.X, size.Y)) / long, PageCount: 1}, nil
}
