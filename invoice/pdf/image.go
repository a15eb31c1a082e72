package pdf

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	_ "image/gif"  // for image.Decode
	_ "image/jpeg" // for image.Decode
	_ "image/png"  // for image.Decode
	"math"
	"slices"

	"golang.org/x/image/draw"
	_ "golang.org/x/image/tiff" // for image.Decode
	_ "golang.org/x/image/webp" // for image.Decode
)

// errNoImage: the bytes are no image file that is read here.
var errNoImage = errors.New("no image file")

// drawImage draws a page of an image file as a person sees it. Only a TIFF, as
// copiers and fax servers send, has more than one.
func drawImage(data []byte, page int) (*Picture, error) {
	if len(data) > 8 && string(data[4:8]) == "ftyp" { // ISO 14496-12 §4.3
		return nil, errors.New("a HEIF or AVIF picture, as telephones make, which is not drawn; ask for a PDF or JPEG")
	}
	if _, _, err := image.DecodeConfig(bytes.NewReader(data)); errors.Is(err, image.ErrFormat) {
		return nil, errNoImage
	}
	sheets := sheetsOf(data)
	if page < 1 || page > len(sheets) {
		return nil, fmt.Errorf("page %d of %d", page, len(sheets))
	}
	file := data
	if sheet := sheets[page-1]; sheet.at > 0 {
		file = bytes.Clone(data)
		byteOrder(data).PutUint32(file[4:], sheet.at) // the first directory is the one that is decoded
	}
	config, format, err := image.DecodeConfig(bytes.NewReader(file))
	switch {
	case err != nil:
		return nil, err
	case config.Width < 1 || config.Height < 1 || config.Width > decodedAtMost/config.Height:
		return nil, fmt.Errorf("a %s picture of %d × %d pixels", format, config.Width, config.Height)
	}
	decoded, _, err := image.Decode(bytes.NewReader(file))
	if err != nil {
		return nil, err
	}
	picture, err := encode(upright(shrunk(decoded), sheets[page-1].orientation))
	if err != nil {
		return nil, err
	}
	picture.PageCount = len(sheets)
	return picture, nil
}

// shrunk is the image in grey on white paper, no larger than is looked at.
func shrunk(decoded image.Image) *image.Gray {
	b := decoded.Bounds()
	share := min(1, math.Sqrt(pixelsAtMost/float64(b.Dx()*b.Dy())))
	grey := image.NewGray(image.Rect(0, 0, max(1, int(share*float64(b.Dx()))), max(1, int(share*float64(b.Dy())))))
	draw.Draw(grey, grey.Bounds(), image.White, image.Point{}, draw.Src)
	draw.ApproxBiLinear.Scale(grey, grey.Bounds(), decoded, b, draw.Over, nil)
	return grey
}

// upright turns an image that a camera or scanner stored on its side or head.
// The orientation says where its first row and column belong (TIFF 6.0 §8, EXIF 2.32 §4.6.4).
func upright(stored *image.Gray, orientation int) *image.Gray {
	if orientation < 2 || orientation > 8 {
		return stored
	}
	w, h := stored.Bounds().Dx(), stored.Bounds().Dy()
	size := image.Rect(0, 0, w, h)
	if orientation >= 5 { // rows become columns
		size = image.Rect(0, 0, h, w)
	}
	seen := image.NewGray(size)
	for y := range h {
		for x := range w {
			column, row := x, y
			switch orientation {
			case 2:
				column = w - 1 - x
			case 3:
				column, row = w-1-x, h-1-y
			case 4:
				row = h - 1 - y
			case 5:
				column, row = y, x
			case 6:
				column, row = h-1-y, x
			case 7:
				column, row = h-1-y, w-1-x
			case 8:
				column, row = y, w-1-x
			}
			seen.Pix[row*seen.Stride+column] = stored.Pix[y*stored.Stride+x]
		}
	}
	return seen
}

// sheet is a page of an image file.
type sheet struct {
	at          uint32 // where the directory of a TIFF's page is; 0 in other files
	orientation int
}

// sheetsOf returns the pages of an image file, and how they are turned.
func sheetsOf(data []byte) []sheet {
	if sheets := directories(data); len(sheets) > 0 {
		return sheets
	}
	if turned := directories(exif(data)); len(turned) > 0 {
		return []sheet{{orientation: turned[0].orientation}}
	}
	return []sheet{{}}
}

// mostSheets bounds the pages of a TIFF that are counted.
const mostSheets = 1000

// byteOrder is that of a TIFF; nil when the bytes are none.
func byteOrder(data []byte) binary.ByteOrder {
	switch {
	case len(data) < 8:
	case bytes.HasPrefix(data, []byte("II*\x00")):
		return binary.LittleEndian
	case bytes.HasPrefix(data, []byte("MM\x00*")):
		return binary.BigEndian
	}
	return nil
}

// directories follows the chain of a TIFF's directories (TIFF 6.0 §2), as far as
// it goes.
func directories(data []byte) (sheets []sheet) {
	order := byteOrder(data)
	if order == nil {
		return nil
	}
	const (
		entry       = 12
		orientation = 274
	)
	for at := order.Uint32(data[4:]); at != 0 && len(sheets) < mostSheets; {
		if int64(at)+2 > int64(len(data)) || slices.ContainsFunc(sheets, func(s sheet) bool { return s.at == at }) {
			break
		}
		found := sheet{at: at}
		entries := data[at+2:]
		count := int(order.Uint16(data[at:]))
		for i := 0; i < count && (i+1)*entry <= len(entries); i++ {
			if field := entries[i*entry:]; order.Uint16(field) == orientation {
				found.orientation = int(order.Uint16(field[8:]))
			}
		}
		sheets = append(sheets, found)
		if len(entries) < count*entry+4 {
			break
		}
		at = order.Uint32(entries[count*entry:])
	}
	return sheets
}

// exif is what a camera wrote into a JPEG, which is a TIFF (EXIF 2.32 §4.7.2).
func exif(data []byte) []byte {
	const (
		startOfScan  = 0xda
		application1 = 0xe1
	)
	if !bytes.HasPrefix(data, []byte{0xff, 0xd8}) {
		return nil
	}
	for at := 2; at+4 <= len(data) && data[at] == 0xff && data[at+1] != startOfScan; {
		length := int(binary.BigEndian.Uint16(data[at+2:]))
		if length < 2 || at+2+length > len(data) {
			return nil
		}
		if held, ok := bytes.CutPrefix(data[at+4:at+2+length], []byte("Exif\x00\x00")); ok && data[at+1] == application1 {
			return held
		}
		at += 2 + length
	}
	return nil
}
