package credential

import "testing"

func TestWord(t *testing.T) {
	for _, c := range []struct{ user, password, want string }{
		{"admin", "admin", Factory},
		{"ADMIN", "admin", Factory},
		{"admin", "ADMIN!", InClear},
		{"admin", "", Empty},
		{"somebody", "admin", InClear},
	} {
		if got := Word([]byte(c.user), []byte(c.password)); got != c.want {
			t.Errorf("%s: %q, want %q", c.user, got, c.want)
		}
	}
	u, p := []byte("user"), []byte("other")
	if n := testing.AllocsPerRun(10, func() { Word(u, p) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}
