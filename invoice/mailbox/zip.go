package mailbox

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"path"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// isArchive reports whether the bytes are a zip archive of files, rather than
// an office document or a program, which are zip archives inside.
func isArchive(data []byte) bool {
	return bytes.HasPrefix(data, []byte("PK\x03\x04")) && packageKind(data) == plainArchive
}

// packaging is what a zip archive serves for.
type packaging int

const (
	plainArchive packaging = iota
	officeDocument
	macroDocument
	javaProgram
)

func packageKind(data []byte) packaging {
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return plainArchive
	}
	kind := plainArchive
	for _, f := range archive.File {
		switch name := strings.ToLower(f.Name); {
		case strings.HasSuffix(name, "vbaproject.bin"), strings.HasPrefix(name, "basic/"): // OOXML, ODF
			return macroDocument
		case name == "meta-inf/manifest.mf":
			return javaProgram
		case name == "[content_types].xml", name == "mimetype":
			kind = officeDocument
		}
	}
	return kind
}

// unzip returns the files of an archive. It unpacks nothing of one that
// inflates to more than most, or, beyond 10 MiB, to more than ratio times its
// size. The sizes that members state are enforced while they are unpacked.
func unzip(data []byte, most, ratio int64) ([]file, error) {
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, err
	}
	var total uint64
	for _, f := range archive.File {
		if total += f.UncompressedSize64; f.UncompressedSize64 > uint64(max(most, 0)) || total > uint64(max(most, 0)) {
			return nil, errExpands
		}
	}
	if total > 10<<20 && total/uint64(len(data)) > uint64(ratio) {
		return nil, errExpands
	}
	var files []file
	locked := false
	for _, f := range archive.File {
		switch {
		case strings.HasSuffix(f.Name, "/"):
		case f.Flags&1 != 0: // encrypted, APPNOTE 4.4.4
			locked = true
		default:
			files = append(files, inflate(f))
		}
	}
	if locked {
		return files, errEncrypted
	}
	return files, nil
}

func inflate(member *zip.File) file {
	out := file{name: memberName(member)}
	packed, err := member.Open()
	if err == nil {
		defer packed.Close()
		out.content, err = io.ReadAll(io.LimitReader(packed, int64(member.UncompressedSize64)+1))
	}
	if err == nil && uint64(len(out.content)) > member.UncompressedSize64 {
		err = fmt.Errorf("it is larger than it says")
	}
	if err != nil {
		out.defect = "the archive member cannot be unpacked: " + err.Error()
	}
	return out
}

// memberName decodes a name that is not UTF-8 as DOS wrote it here.
func memberName(member *zip.File) string {
	if utf8.ValidString(member.Name) {
		return member.Name
	}
	name, err := charmap.CodePage850.NewDecoder().String(member.Name)
	if err != nil {
		return strings.ToValidUTF8(member.Name, "_")
	}
	return name
}

// programs are the extensions of files that a machine would run, or of
// documents that may hold macros. A name makes a document suspect, never safe.
var programs = map[string]string{
	".exe": "a program", ".scr": "a program", ".pif": "a program", ".msi": "a program",
	".dll": "a program", ".cpl": "a program", ".jar": "a program", ".msix": "a program",
	".bat": "a script", ".cmd": "a script", ".js": "a script", ".jse": "a script", ".vbs": "a script", ".vbe": "a script",
	".wsf": "a script", ".wsh": "a script", ".ps1": "a script", ".hta": "a script", ".reg": "a script", ".lnk": "a shortcut",
	".url": "a shortcut", ".iso": "a disk image", ".img": "a disk image", ".vhd": "a disk image", ".one": "a notebook with scripts",
	".docm": "a document with macros", ".dotm": "a document with macros", ".xlsm": "a document with macros",
	".xltm": "a document with macros", ".xlam": "a document with macros", ".pptm": "a document with macros", ".ppsm": "a document with macros",
}

// danger says why a document must not be opened; nothing when it may.
func danger(d Document) string {
	switch {
	case bytes.HasPrefix(d.Bytes, []byte("MZ")) && bytes.Contains(d.Bytes[:min(64, len(d.Bytes))], []byte{0}),
		bytes.HasPrefix(d.Bytes, []byte("\x7fELF")),
		bytes.HasPrefix(d.Bytes, []byte("\xcf\xfa\xed\xfe")), bytes.HasPrefix(d.Bytes, []byte("L\x00\x00\x00\x01\x14\x02\x00")):
		return "a program"
	case bytes.HasPrefix(d.Bytes, []byte("#!")):
		return "a script"
	case bytes.HasPrefix(d.Bytes, []byte("PK\x03\x04")):
		switch packageKind(d.Bytes) {
		case macroDocument:
			return "a document with macros"
		case javaProgram:
			return "a program"
		}
	}
	name := strings.ToLower(strings.TrimRight(strings.ReplaceAll(d.Name, "\x00", ""), ". ")) // as Windows reads it
	return programs[path.Ext(name)]
}

// unsafeName reports whether a name would lead somewhere if it were taken for
// a path, or shows as something else than it is. Archive members have folders.
func unsafeName(name string, member bool) bool {
	for _, r := range name {
		if r < ' ' || r == 0x7f || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 { // bidirectional controls
			return true
		}
	}
	if strings.Contains(name, `\`) || strings.HasPrefix(name, "/") || len(name) > 1 && name[1] == ':' {
		return true
	}
	if !member && strings.Contains(name, "/") {
		return true
	}
	for _, element := range strings.Split(name, "/") {
		if element == ".." {
			return true
		}
	}
	return false
}
