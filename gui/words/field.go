package words

import "strings"

// fieldName is the last part of a field's key: "command" of "action[0].rcon.command".
func fieldName(field string) string {
	if i := strings.LastIndexByte(field, '.'); i >= 0 {
		return field[i+1:]
	}
	return field
}

// isAction reports whether a key is of an action's field.
func isAction(field string) bool {
	return strings.Contains(field, "action[") || strings.HasPrefix(field, "rcon.") || strings.HasPrefix(field, "sound.")
}
