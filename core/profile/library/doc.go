// Package library keeps the user's profiles: the files in the folder "profiles" of the folder for settings, which one was used
// last, their backups, and their way to other computers and back.
//
// A profile has a name, which is any text, and an id, which is the name of its file without ".toml". The id is made from the first
// name so that every file system can hold it, and stays when the profile is renamed. What another person exported may be meant to do
// harm: Preview tells what it holds before anything is kept, and Import takes the harm out of it.
package library
