package assess_test

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/bulkhead-ot/bulkhead/assess"
	"github.com/bulkhead-ot/bulkhead/standard"
)

func opener(path string) (io.ReadCloser, error) {
	if path == "policy.pdf" {
		return io.NopCloser(strings.NewReader("abc")), nil
	}
	return nil, errors.New("open " + path + ": no such file")
}

// abc is the SHA-256 of "abc" (FIPS 180-4, example).
const abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

func TestAttestations(t *testing.T) {
	lib := standard.NewLibrary()
	const good = "attestations:\n- requirement: iec62443-3-3 SR 1.3\n  statement: Accounts follow the leaver list.\n  owner: M. Meier\n  reviewer: K. Klein\n  document: policy.pdf\n  expires: 2027-06-30\n"
	list, err := assess.ReadAttestations(strings.NewReader(good), lib, opener, day)
	if err != nil || len(list) != 1 || list[0].SHA256 != abc || list[0].State != assess.Met || list[0].Expired || !list[0].Counts() {
		t.Fatalf("%v %v", list, err)
	}
	old, err := assess.ReadAttestations(strings.NewReader(strings.Replace(good, "2027-06-30", "2026-11-22", 1)), lib, opener, day)
	if err != nil || !old[0].Expired || old[0].Counts() {
		t.Errorf("%v %v", old, err)
	}
	if _, err := assess.ReadAttestations(strings.NewReader(`{"attestations":[{"requirement":"nist-800-171r2 3.12.4","statement":"s","owner":"o","expires":"2027-01-01"}]}`), lib, opener, day); err != nil {
		t.Error(err)
	}
	for _, c := range []struct{ old, new, want string }{
		{"owner: M. Meier", "owner: ''", "owner: nobody answers"},
		{"statement: Accounts follow the leaver list.", "statement: ''", "say in a sentence"},
		{"SR 1.3", "SR 9.9", `no requirement "SR 9.9"`},
		{"iec62443-3-3", "iso1", `no standard "iso1"`},
		{"expires: 2027-06-30", "expires: soon", "want a day"},
		{"  expires: 2027-06-30\n", "", "expires: give the day"},
		{"policy.pdf", "gone.pdf", "no such file"},
		{"reviewer: K. Klein", "reviewer: m. meier", "somebody else"},
		{"document:", "sha256: 00\n  document:", "has changed since"},
		{"owner:", "colour: red\n  owner:", "unknown field"},
		{"owner:", "state: maybe\n  owner:", `state "maybe"`},
		{good, "attestations: []", "no attestations"},
		{good, "attestations: [", "["},
		{good, good + strings.TrimPrefix(good, "attestations:\n"), "same requirement and zone"},
	} {
		list, err := assess.ReadAttestations(strings.NewReader(strings.Replace(good, c.old, c.new, 1)), lib, opener, day)
		if err == nil || !strings.Contains(err.Error(), c.want) || list != nil {
			t.Errorf("%q: %v, want %q", c.new, err, c.want)
		}
	}
}

func FuzzAttestations(f *testing.F) {
	lib := standard.NewLibrary()
	f.Add("attestations:\n- requirement: iec62443-3-3 SR 1.3\n  statement: s\n  owner: o\n  expires: 2027-06-30\n")
	f.Fuzz(func(t *testing.T, in string) {
		_, _ = assess.ReadAttestations(strings.NewReader(in), lib, opener, day)
	})
}
