package profile

// Encode returns the file of p, as Save writes it. It fails where the file could not be read again or would not say the same.
func Encode(p Profile) ([]byte, error) { return encode(p) }

// Decode reads a profile from data, the content of a file that errors call path. Each error is a *FileError.
func Decode(path string, data []byte) (Profile, error) {
	if len(data) > maxFile {
		return Profile{}, tooLarge(path)
	}
	p, errs := decode(path, data)
	if len(errs) > 0 {
		return Profile{}, errs[0]
	}
	return p, nil
}
