package mailbox

// Flag is a word for something about a message that whoever handles it must know.
type Flag string

const (
	Unsafe          Flag = "unsafe"            // an executable, a macro, a bomb
	UnsafeName      Flag = "unsafe-name"       // a document's name that is a path or holds control characters
	Encrypted       Flag = "encrypted"         // a part that needs a password or a key
	TooDeep         Flag = "too-deep"          // nested beyond the limit; what is below was not looked at
	TooLarge        Flag = "too-large"         // more than a limit allows; the rest was not looked at
	ArchiveTooLarge Flag = "archive-too-large" // an archive that inflates too far; it was not unpacked
	HeaderInjection Flag = "header-injection"  // a line break inside a header field's text
	Suspicious      Flag = "suspicious"        // a header that no mail program writes
	Malformed       Flag = "malformed"         // no mail at all
	Spam            Flag = "spam"              // a mail server marked it
	SpoofedSender   Flag = "spoofed-sender"    // our server found that it does not come from whom it says (DMARC)
	Forwarded       Flag = "forwarded"         // it holds another message
	Loop            Flag = "loop"              // our own message came back
	DeliveryFailed  Flag = "delivery-failed"   // a message of ours did not arrive
	DeliveryDelayed Flag = "delivery-delayed"  // a message of ours is late
)
