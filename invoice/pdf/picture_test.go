package pdf_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"slices"
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
		"gif":  {700, func(b *bytes.Buffer, i image.Image) error { return gif.Encode(b, i, nil) }},
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

// tiffOf puts images one after another into a TIFF, as fax servers send them
// (TIFF 6.0 §2): each its directory, and the last says that there is no more.
func tiffOf(orientation uint16, pages ...*image.Gray) []byte {
	order := binary.LittleEndian
	out := append([]byte("II*\x00"), 8, 0, 0, 0)
	for i, p := range pages {
		fields := [][2]uint32{{256, uint32(p.Rect.Dx())}, {257, uint32(p.Rect.Dy())}, {258, 8}, {259, 1}, {262, 1}, {273, 0}, {274, uint32(orientation)}, {278, uint32(p.Rect.Dy())}, {279, uint32(len(p.Pix))}}
		pixels := uint32(len(out) + 2 + 12*len(fields) + 4)
		fields[5][1] = pixels
		out = order.AppendUint16(out, uint16(len(fields)))
		for _, f := range fields {
			const long = 4
			out = order.AppendUint16(order.AppendUint16(out, uint16(f[0])), long)
			out = order.AppendUint32(order.AppendUint32(out, 1), f[1])
		}
		next := pixels + uint32(len(p.Pix))
		if i == len(pages)-1 {
			next = 0
		}
		out = append(order.AppendUint32(out, next), p.Pix...)
	}
	return out
}

func TestEveryPageOfATIFFIsDrawn(t *testing.T) {
	r := open(t, pdf.DefaultLimits)
	empty := image.NewGray(image.Rect(0, 0, 100, 141))
	for i := range empty.Pix {
		empty.Pix[i] = 255
	}
	file := tiffOf(1, empty, sheet(700), empty)
	for page, dark := range map[int]bool{1: false, 2: true, 3: false} {
		p, err := r.Picture(t.Context(), file, page)
		if err != nil || p.PageCount != 3 || darkAt(t, p, pdf.Box{Left: 100, Top: 90, Right: 250, Bottom: 100}) != dark {
			t.Errorf("page %d: %+v, %v", page, p, err)
		}
	}
	endless := bytes.Clone(file)
	copy(endless[8+2+9*12:], []byte{8, 0, 0, 0}) // the first directory is its own next
	if p, err := r.Picture(t.Context(), endless, 1); err != nil || p.PageCount != 1 {
		t.Errorf("a chain without end: %+v, %v", p, err)
	}
}

// A camera held on its side writes the picture as it lies, and how it lies.
func TestPicturesAreTurnedUpright(t *testing.T) {
	r := open(t, pdf.DefaultLimits)
	upright := sheet(700)
	w, h := upright.Rect.Dx(), upright.Rect.Dy()
	for orientation, from := range map[uint16]func(x, y int) (int, int){ // where the pixel that is stored at x, y is seen
		1: func(x, y int) (int, int) { return x, y },
		2: func(x, y int) (int, int) { return w - 1 - x, y },
		3: func(x, y int) (int, int) { return w - 1 - x, h - 1 - y },
		4: func(x, y int) (int, int) { return x, h - 1 - y },
		5: func(x, y int) (int, int) { return y, x },
		6: func(x, y int) (int, int) { return w - 1 - y, x },
		7: func(x, y int) (int, int) { return w - 1 - y, h - 1 - x },
		8: func(x, y int) (int, int) { return y, h - 1 - x },
	} {
		stored := image.NewGray(image.Rect(0, 0, w, h))
		if orientation >= 5 {
			stored = image.NewGray(image.Rect(0, 0, h, w))
		}
		for y := range stored.Rect.Dy() {
			for x := range stored.Rect.Dx() {
				stored.SetGray(x, y, upright.GrayAt(from(x, y)))
			}
		}
		var photo bytes.Buffer
		if err := jpeg.Encode(&photo, stored, nil); err != nil {
			t.Fatal(err)
		}
		said := append([]byte("Exif\x00\x00"), tiffOf(orientation, image.NewGray(image.Rect(0, 0, 1, 1)))...)
		segment := append(binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(said)+2)), said...)
		for name, file := range map[string][]byte{"JPEG": slices.Insert(photo.Bytes(), 2, segment...), "TIFF": tiffOf(orientation, stored)} {
			p, err := r.Picture(t.Context(), file, 1)
			if err != nil {
				t.Errorf("%s, %d: %v", name, orientation, err)
				continue
			}
			if !darkAt(t, p, pdf.Box{Left: 100, Top: 90, Right: 250, Bottom: 100}) || darkAt(t, p, pdf.Box{Left: 350, Top: 90, Right: 550, Bottom: 100}) ||
				darkAt(t, p, pdf.Box{Left: 100, Top: 700, Right: 250, Bottom: 800}) {
				t.Errorf("%s, %d: the bar is not in its place", name, orientation)
			}
		}
	}
}

// The smallest WebP file there is: one pixel (RFC 9649).
func TestAWebPFileIsAPage(t *testing.T) {
	dot := []byte("RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00\x2f\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00")
	if p, err := open(t, pdf.DefaultLimits).Picture(t.Context(), dot, 1); err != nil || p.PageCount != 1 {
		t.Errorf("%+v, %v", p, err)
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
		"a photo of a telephone":  {[]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00"), 1},
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
