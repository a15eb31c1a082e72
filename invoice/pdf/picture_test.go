package pdf_test

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"testing"

	"golang.org/x/image/tiff"

	"ommen.nl/facturen/invoice/pdf"
)

// darkAt reports whether there is ink within a box of points on the picture.
func darkAt(t *testing.T, p *pdf.Picture, box pdf.Box) bool {
	t.Helper()
	decoded, err := png.Decode(bytes.NewReader(p.PNG))
	if err != nil {
		t.Fatal(err)
	}
	for y := int(box.Top * p.PerPoint); y < int(box.Bottom*p.PerPoint); y++ {
		for x := int(box.Left * p.PerPoint); x < int(box.Right*p.PerPoint); x++ {
			if color.GrayModel.Convert(decoded.At(x, y)).(color.Gray).Y < 100 {
				return true
			}
		}
	}
	return false
}

func TestAPictureShowsThePage(t *testing.T) {
	r := open(t, pdf.DefaultLimits)
	p, err := r.Picture(t.Context(), build("", "", at("1 0 0 1 100 700", "Factuur")), 1)
	if err != nil {
		t.Fatal(err)
	}
	word := pdf.Box{Left: 100, Top: 842 - 710, Right: 140, Bottom: 842 - 699}
	if p.PageCount != 1 || !darkAt(t, p, word) {
		t.Errorf("%d pages, and nothing where the word stands", p.PageCount)
	}
	word.Top, word.Bottom = word.Top+100, word.Bottom+100
	if darkAt(t, p, word) {
		t.Error("there is ink where nothing stands")
	}
}

// sheet is a scanned A4 with a dark bar, one tenth from the top.
func sheet(width int) *image.Gray {
	g := image.NewGray(image.Rect(0, 0, width, width*842/595))
	for i := range g.Pix {
		g.Pix[i] = 255
	}
	for y := g.Rect.Dy() / 10; y < g.Rect.Dy()/8; y++ {
		for x := width / 10; x < width/2; x++ {
			g.SetGray(x, y, color.Gray{})
		}
	}
	return g
}

func TestAnImageFileIsAPage(t *testing.T) {
	r := open(t, pdf.DefaultLimits)
	for name, c := range map[string]struct {
		width  int
		encode func(*bytes.Buffer, image.Image) error
	}{
		"png":  {700, func(b *bytes.Buffer, i image.Image) error { return png.Encode(b, i) }},
		"jpeg": {700, func(b *bytes.Buffer, i image.Image) error { return jpeg.Encode(b, i, nil) }},
		"tiff": {700, func(b *bytes.Buffer, i image.Image) error { return tiff.Encode(b, i, nil) }},
		"large tiff": {4000, func(b *bytes.Buffer, i image.Image) error {
			return tiff.Encode(b, i, &tiff.Options{Compression: tiff.Deflate})
		}},
	} {
		var file bytes.Buffer
		if err := c.encode(&file, sheet(c.width)); err != nil {
			t.Fatal(err)
		}
		p, err := r.Picture(t.Context(), file.Bytes(), 1)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if !darkAt(t, p, pdf.Box{Left: 100, Top: 90, Right: 250, Bottom: 100}) || darkAt(t, p, pdf.Box{Left: 100, Top: 200, Right: 250, Bottom: 300}) {
			t.Errorf("%s: the bar is not in its place", name)
		}
		const most = 10_000_000
		if config, err := png.DecodeConfig(bytes.NewReader(p.PNG)); err != nil || config.Width*config.Height > most {
			t.Errorf("%s: a picture of %d × %d pixels, %v", name, config.Width, config.Height, err)
		}
	}
}

func TestWhatCannotBeDrawn(t *testing.T) {
	r := open(t, pdf.DefaultLimits)
	good := build("", "", at("1 0 0 1 100 700", "Factuur"))
	var huge bytes.Buffer
	if err := png.Encode(&huge, image.NewGray(image.Rect(0, 0, 1, 1))); err != nil {
		t.Fatal(err)
	}
	bomb := bytes.Clone(huge.Bytes())
	copy(bomb[16:], []byte{0, 1, 0, 0, 0, 1, 0, 0}) // IHDR: 65536 × 65536
	for name, c := range map[string]struct {
		data []byte
		page int
	}{
		"no page 0":               {good, 0},
		"no page 2":               {good, 2},
		"a picture has no page 2": {huge.Bytes(), 2},
		"a bomb":                  {bomb, 1},
		"half a picture":          {[]byte("\x89PNG\r\n\x1a\n\x00"), 1},
		"no picture":              {[]byte("factuur"), 1},
	} {
		_, err := r.Picture(t.Context(), c.data, c.page)
		if !errors.Is(err, pdf.ErrBroken) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := r.Picture(t.Context(), good, 1); err != nil {
		t.Errorf("after all that a sound page: %v", err)
	}
}
