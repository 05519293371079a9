package store

// statisticsSchema is the step of the ladder that brings sessions and statistics.
//
// Times are our own, in nanoseconds since 1970; a minute is their number since 1970, a day is written 20261124, by the clock of
// the place. spans say which events, by their numbers, belong to which session: those between have none, or another. The
// others hold what the events come to, so that no chart reads the events: a row a minute of a session, and a row a day of it for
// each viewer, gift and rule. In minutes, viewers is the sum of viewer_counts many numbers.
const statisticsSchema = `CREATE TABLE sessions (
	id INTEGER PRIMARY KEY, source TEXT NOT NULL, room TEXT NOT NULL, handle TEXT NOT NULL, title TEXT NOT NULL DEFAULT '',
	begun INTEGER NOT NULL, last INTEGER NOT NULL, ended INTEGER NOT NULL, first_day INTEGER NOT NULL, last_day INTEGER NOT NULL,
	events INTEGER NOT NULL);
CREATE INDEX sessions_room ON sessions (source, room);
CREATE TABLE spans (
	first INTEGER PRIMARY KEY, last INTEGER NOT NULL, session INTEGER NOT NULL, events INTEGER NOT NULL);
CREATE INDEX spans_session ON spans (session, first);
CREATE TABLE minutes (
	day INTEGER NOT NULL, session INTEGER NOT NULL, minute INTEGER NOT NULL, coins INTEGER NOT NULL, gifts INTEGER NOT NULL,
	follows INTEGER NOT NULL, likes INTEGER NOT NULL, shares INTEGER NOT NULL, chats INTEGER NOT NULL, joins INTEGER NOT NULL,
	subscribes INTEGER NOT NULL, questions INTEGER NOT NULL, viewers INTEGER NOT NULL, viewer_counts INTEGER NOT NULL,
	viewers_most INTEGER NOT NULL, PRIMARY KEY (day, session, minute)) WITHOUT ROWID;
CREATE TABLE viewers (
	id INTEGER PRIMARY KEY, source TEXT NOT NULL, account TEXT NOT NULL, handle TEXT NOT NULL, nickname TEXT NOT NULL);
CREATE UNIQUE INDEX viewers_account ON viewers (source, account);
CREATE TABLE viewer_days (
	day INTEGER NOT NULL, session INTEGER NOT NULL, viewer INTEGER NOT NULL, coins INTEGER NOT NULL, gifts INTEGER NOT NULL,
	likes INTEGER NOT NULL, PRIMARY KEY (day, session, viewer)) WITHOUT ROWID;
CREATE TABLE gift_days (
	day INTEGER NOT NULL, session INTEGER NOT NULL, gift INTEGER NOT NULL, name TEXT NOT NULL, coins INTEGER NOT NULL,
	gifts INTEGER NOT NULL, PRIMARY KEY (day, session, gift, name)) WITHOUT ROWID;
CREATE TABLE rule_days (
	day INTEGER NOT NULL, session INTEGER NOT NULL, rule TEXT NOT NULL, name TEXT NOT NULL, fired INTEGER NOT NULL,
	done INTEGER NOT NULL, rejected INTEGER NOT NULL, failed INTEGER NOT NULL, unknown INTEGER NOT NULL, expired INTEGER NOT NULL,
	dropped INTEGER NOT NULL, PRIMARY KEY (day, session, rule)) WITHOUT ROWID;
CREATE TABLE rule_times (
	day INTEGER NOT NULL, session INTEGER NOT NULL, rule TEXT NOT NULL, bucket INTEGER NOT NULL, jobs INTEGER NOT NULL,
	PRIMARY KEY (day, session, rule, bucket)) WITHOUT ROWID;`
