//go:build !(linux || freebsd || netbsd || openbsd || windows)

package hotkey

import "context"

func systemReach() Reach { return Nowhere }

func serve(context.Context, *Keys) error { return errNotHere }
