package workflow_test

import (
	"os"
	"testing"

	"ommen.nl/facturen/invoice/pdf"
)

func TestMain(m *testing.M) {
	pdf.WorkerMain()
	os.Exit(m.Run())
}
