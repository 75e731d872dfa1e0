package enip

// texts keeps the text that was made of bytes, so that the same bytes cost
// nothing the next time. It is bounded: the oldest goes first.
type texts struct {
	keys [48]uint64
	vals [48]string
	next int
}

func (t *texts) get(key uint64) string {
	for i, k := range t.keys {
		if k == key {
			return t.vals[i]
		}
	}
	return ""
}

func (t *texts) put(key uint64, s string) string {
	i := t.next % len(t.keys)
	t.keys[i], t.vals[i] = key, s
	t.next++
	return s
}

// hash is FNV-1a over b, begun with a number that tells the uses apart.
func hash(use uint64, b []byte) uint64 {
	h := 14695981039346656037 ^ use*0x9e3779b97f4a7c15
	for _, x := range b {
		h = (h ^ uint64(x)) * 1099511628211
	}
	return h | 1
}

// Uses of texts.
const (
	useRoute = iota + 1
	useRevision
	useSerial
	useVendor
	useProduct
	useAddress
	useMAC
	useProgram
	useConnection
	useEndpoint
)
