package mailbox

import (
	"bytes"
	"encoding/binary"
	"errors"
	"unicode/utf16"
)

// tnefSignature begins winmail.dat, in which Outlook hides attachments from
// programs that are not Outlook (MS-OXTNEF §2.1.3.1).
var tnefSignature = []byte{0x78, 0x9f, 0x3e, 0x22}

func isTNEF(data []byte) bool { return bytes.HasPrefix(data, tnefSignature) }

// The attributes that are read (MS-OXTNEF §2.1.3.2).
const (
	attBody           = 0x800c
	attAttachData     = 0x800f
	attAttachTitle    = 0x8010
	attAttachRendData = 0x9002 // begins an attachment
	attMsgProps       = 0x9003
	attAttachment     = 0x9005
)

// The properties that are read (MS-OXPROPS).
const (
	propBody             = 0x1000
	propHTML             = 0x1013
	propAttachData       = 0x3701
	propAttachName       = 0x3704
	propAttachLongName   = 0x3707
	propAttachMIMETag    = 0x370e
	propAttachContentID  = 0x3712
	propertyNamedFrom    = 0x8000
	propertyMultipleFlag = 0x1000
)

var errTNEF = errors.New("winmail.dat breaks off")

// readTNEF returns the attachments and the text of a winmail.dat. What was read
// before an error is returned with it.
func readTNEF(data []byte) (held contents, err error) {
	in := &tnefReader{data: data}
	in.take(len(tnefSignature) + 2) // and the key
	var current *file
	for in.err == nil && len(in.data) > 0 {
		in.take(1) // level
		attribute := in.uint32()
		value := in.take(int(in.uint32()))
		in.take(2) // checksum; bytes that mail servers changed are read all the same
		if in.err != nil {
			break
		}
		switch id := attribute & 0xffff; id {
		case attBody:
			held.text = firstOf(held.text, decodeCharset(upToNUL(value), ""))
		case attMsgProps:
			held.text = firstOf(messageText(value), held.text)
		case attAttachRendData:
			held.files = append(held.files, file{})
			current = &held.files[len(held.files)-1]
		case attAttachTitle, attAttachData, attAttachment:
			if current != nil {
				current.readTNEF(id, value)
			}
		}
	}
	return held, in.err
}

func (f *file) readTNEF(attribute uint32, value []byte) {
	switch attribute {
	case attAttachTitle:
		if f.name == "" {
			f.name = decodeCharset(upToNUL(value), "")
		}
	case attAttachData:
		f.content = value
	case attAttachment:
		for id, p := range properties(value) {
			switch id {
			case propAttachLongName:
				f.name = firstOf(p.text(), f.name)
			case propAttachName:
				f.name = firstOf(f.name, p.text())
			case propAttachMIMETag:
				f.contentType = p.text()
			case propAttachContentID:
				f.contentID = p.text()
			case propAttachData:
				f.content = p.value
				if p.kind == ptypObject && len(f.content) >= 16 {
					f.content = f.content[16:] // the interface's id comes first
				}
			}
		}
	}
}

func messageText(value []byte) string {
	all := properties(value)
	if p, ok := all[propBody]; ok && p.text() != "" {
		return p.text()
	}
	if p, ok := all[propHTML]; ok {
		return htmlText(decodeCharset(p.value, ""))
	}
	return ""
}

// property is one MAPI property.
type property struct {
	kind  uint16
	value []byte
}

const (
	ptypObject  = 0x000d
	ptypString8 = 0x001e
	ptypString  = 0x001f
	ptypBinary  = 0x0102
)

// fixedSizes are the octets that a value takes (MS-OXTNEF §2.1.3.4), padded to four.
var fixedSizes = map[uint16]int{
	0x0001: 4, 0x0002: 4, 0x0003: 4, 0x0004: 4, 0x0005: 8, 0x0006: 8, 0x0007: 8,
	0x000a: 4, 0x000b: 4, 0x0014: 8, 0x0040: 8, 0x0048: 16,
}

// properties reads a list of MAPI properties as far as it goes.
func properties(data []byte) map[uint16]property {
	in := &tnefReader{data: data}
	all := map[uint16]property{}
	for count := in.uint32(); count > 0 && in.err == nil; count-- {
		kind, id := in.uint16(), in.uint16()
		if id >= propertyNamedFrom {
			in.skipName()
		}
		value := in.values(kind)
		if _, seen := all[id]; in.err == nil && !seen {
			all[id] = property{kind: kind, value: value}
		}
	}
	return all
}

// text returns the value as text.
func (p property) text() string {
	if p.kind != ptypString {
		return decodeCharset(upToNUL(p.value), "")
	}
	units := make([]uint16, 0, len(p.value)/2)
	for i := 0; i+1 < len(p.value); i += 2 {
		unit := binary.LittleEndian.Uint16(p.value[i:])
		if unit == 0 {
			break
		}
		units = append(units, unit)
	}
	return string(utf16.Decode(units))
}

func upToNUL(value []byte) []byte {
	value, _, _ = bytes.Cut(value, []byte{0})
	return value
}

// tnefReader reads little-endian numbers; after the end it reads zeros and keeps the error.
type tnefReader struct {
	data []byte
	err  error
}

func (r *tnefReader) take(n int) []byte {
	if r.err != nil || n < 0 || n > len(r.data) {
		r.err, r.data = errTNEF, nil
		return nil
	}
	taken := r.data[:n]
	r.data = r.data[n:]
	return taken
}

func (r *tnefReader) uint16() uint16 {
	if b := r.take(2); b != nil {
		return binary.LittleEndian.Uint16(b)
	}
	return 0
}

func (r *tnefReader) uint32() uint32 {
	if b := r.take(4); b != nil {
		return binary.LittleEndian.Uint32(b)
	}
	return 0
}

// padded takes n octets and those that fill them up to a multiple of four.
func (r *tnefReader) padded(n int) []byte {
	value := r.take(n)
	if r.err == nil {
		r.take(min((4-n%4)%4, len(r.data)))
	}
	return value
}

// skipName skips the name of a named property.
func (r *tnefReader) skipName() {
	r.take(16)
	if r.uint32() == 0 {
		r.take(4)
		return
	}
	r.padded(int(r.uint32()))
}

// values reads the values of a property and returns the first.
func (r *tnefReader) values(kind uint16) (first []byte) {
	count := uint32(1)
	base := kind &^ propertyMultipleFlag
	size, fixed := fixedSizes[base]
	if !fixed && base != ptypObject && base != ptypString8 && base != ptypString && base != ptypBinary {
		r.err = errors.New("winmail.dat holds a property of an unknown type")
		return nil
	}
	if !fixed || base != kind {
		count = r.uint32()
	}
	for i := uint32(0); i < count && r.err == nil; i++ {
		var value []byte
		if fixed {
			value = r.take(size)
		} else {
			value = r.padded(int(r.uint32()))
		}
		if i == 0 {
			first = value
		}
	}
	return first
}
