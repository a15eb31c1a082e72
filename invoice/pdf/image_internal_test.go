package pdf

import "testing"

// FuzzSheets counts the pages of arbitrary bytes that call themselves a TIFF, or
// a JPEG of a camera.
func FuzzSheets(f *testing.F) {
	f.Add([]byte("II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00\x06\x00\x00\x00\x00\x00\x00\x00"))
	f.Add([]byte("MM\x00*\x00\x00\x00\x08\x00\x00\x00\x00\x00\x08"))
	f.Add([]byte("\xff\xd8\xff\xe0\x00\x04JF\xff\xe1\x00\x10Exif\x00\x00II*\x00\x08\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		sheets := sheetsOf(data)
		if len(sheets) == 0 || len(sheets) > mostSheets {
			t.Errorf("%d pages", len(sheets))
		}
		for _, s := range sheets {
			if int64(s.at) >= int64(max(len(data), 1)) {
				t.Errorf("a page at %d of %d bytes", s.at, len(data))
			}
		}
	})
}
