package read

import "ommen.nl/facturen/invoice/xmltree"

func (r *reader) cii(root *xmltree.Element) {}
