package capture

import (
	"errors"
	"fmt"
	"os"
	"os/user"
	"strconv"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// DropPrivileges gives up, for the whole process and for good, what opening the
// sockets needed: as root it becomes the named user (empty means nobody), else it
// drops all capabilities. No program that it starts can gain them again. Live
// sockets that are open go on; no new one can be opened.
func DropPrivileges(name string) error {
	if name == "" {
		name = "nobody"
	}
	if err := everyThread(unix.SYS_PRCTL, unix.PR_SET_NO_NEW_PRIVS, 1); err != nil {
		return fmt.Errorf("dropping privileges: %w", err)
	}
	if os.Geteuid() == 0 {
		if err := become(name); err != nil {
			return fmt.Errorf("dropping privileges: %w", err)
		}
	}
	if err := dropCapabilities(); err != nil {
		return fmt.Errorf("dropping privileges: %w", err)
	}
	return nil
}

// become changes user and group of all threads. For root that clears the
// capabilities, too (capabilities(7), effect of user ID changes).
func become(name string) error {
	uid, gid := 65534, 65534
	if u, err := user.Lookup(name); err == nil {
		uid, _ = strconv.Atoi(u.Uid)
		gid, _ = strconv.Atoi(u.Gid)
	} else if name != "nobody" { // nobody has this number where there is no list of users
		return fmt.Errorf("no such user: %s", name)
	}
	if uid == 0 {
		return fmt.Errorf("user %s is root; name another", name)
	}
	if err := syscall.Setgroups(nil); err != nil {
		return fmt.Errorf("leaving the groups of root: %w", err)
	}
	if err := syscall.Setresgid(gid, gid, gid); err != nil {
		return fmt.Errorf("becoming group %d: %w", gid, err)
	}
	if err := syscall.Setresuid(uid, uid, uid); err != nil {
		return fmt.Errorf("becoming user %s: %w", name, err)
	}
	return nil
}

// dropCapabilities empties all sets of all threads.
func dropCapabilities() error {
	if err := everyThread(unix.SYS_PRCTL, unix.PR_CAP_AMBIENT, unix.PR_CAP_AMBIENT_CLEAR_ALL); err != nil && !errors.Is(err, unix.EINVAL) {
		return err
	}
	head := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3} // pid 0: the calling thread
	var none [2]unix.CapUserData
	_, _, code := syscall.AllThreadsSyscall(unix.SYS_CAPSET, uintptr(unsafe.Pointer(&head)), uintptr(unsafe.Pointer(&none)), 0)
	return threadError(code)
}

// everyThread makes a system call on all threads: privileges belong to a thread.
func everyThread(call, a, b uintptr) error {
	_, _, code := syscall.AllThreadsSyscall(call, a, b, 0)
	return threadError(code)
}

func threadError(code syscall.Errno) error {
	switch code {
	case 0:
		return nil
	case syscall.ENOTSUP:
		return errCgo
	}
	return code
}

var errCgo = errors.New("a program with C code in it cannot reach all of its threads; build it with CGO_ENABLED=0")
