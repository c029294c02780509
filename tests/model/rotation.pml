/*
 * rotation.pml: the rotation of one session's refresh tokens, for spin(1).
 *
 * Requests race for one row, each in the hands of a server process that reads
 * the clock, reads the row, judges, compares and sets, answers, and may stop
 * for good or stall for any time between these.  rotation.t checks every
 * interleaving within the bounds below, and that each BROKEN_ variant is caught.
 *
 * Model and reality
 * - A token is the list of the times at which its chain was rotated, one octal
 *   digit each (time + 1), the newest last: the log-in's token is 0, its
 *   successor at time 2 is 03, that one's at time 4 is 035.  So the HMAC is
 *   taken to be free of collisions and tokens to be unforgeable; expiry, claims
 *   and the other errors that never reach the row are left out.
 * - The row's hash is the token itself, its list of times the same octal list.
 * - A tab and the server process that works for it are one process here.  A tab
 *   that gives up and asks again is another tab; they share one cookie jar,
 *   where the answer that arrives last stays, be it the older one.
 * - One clock for all hosts, which never goes back, in steps of a grace.  A
 *   request reads it once, as it comes in, and may act on it late; how late, and
 *   so how far ahead of it the times in the row may lie, has no limit here.
 * - A later log-in opens another session.  Of other sessions nothing is told
 *   but that they too change the row (OTHER_DEVICE).
 *
 * Scenarios: HONEST, a client alone that keeps to the grace; THIEF, a client
 * that keeps to nothing and a thief with a copy of its token; neither, a client
 * that keeps to nothing.  LOGOUT, OTHER_DEVICE and FAULTS (a database that does
 * not say whether it wrote, and may yet write) join any of them.
 * ONLY=N checks property N alone, WITNESS=N that a case is reached at all: then
 * the assertion has to fail.
 */

#ifndef GRACE
#define GRACE 1		/* steps for which a spent token is honoured */
#endif
#ifndef REUSE_ENDS
#define REUSE_ENDS 1	/* whether a token past its grace ends the session */
#endif
#ifndef TABS
#define TABS 2
#endif
#ifndef CHAIN
#define CHAIN 3		/* rotations; at most 4 */
#endif
#ifndef END_OF_TIME
#define END_OF_TIME 4	/* at most 5: a digit above the last time stays free */
#endif
#ifndef TRIES
#define TRIES 2		/* reads of the row before a request answers 503 */
#endif
#ifdef BROKEN_HISTORY
#define TIMES 1		/* the row keeps only the newest time */
#else
#define TIMES 4
#endif
#ifdef THIEF
#define SLOTS (TABS + 1)
#else
#define SLOTS TABS
#endif

#ifndef ONLY
#define ONLY 0
#endif
#ifndef WITNESS
#define WITNESS 0
#endif
#define CHECKED(n) (WITNESS == 0 && (ONLY == 0 || ONLY == n))

#define NONE (-1)
#define OWNER 0		/* whose jar: the owner's, */
#define CROOK 1		/* the thief's */

#define GENERATION(t) (((t) > 0) + ((t) > 7) + ((t) > 63) + ((t) > 511))
#define BORN(t) ((t) % 8 - 1)
#define SUCCESSOR(t, time) ((t) * 8 + (time) + 1)

/* What cannot be written in the digits, or is not counted below. */
#if CHAIN > 4 || END_OF_TIME > 5 || TABS > 3
#error "out of bounds"
#endif

/*
 * A grace of 0 honours nothing, not even what was spent in this very second.
 * A time ahead of a request's own is that of a rotation since it came in.
 */
#if defined(BROKEN_ZERO)
#define WITHIN_GRACE(time, at) (at - time <= GRACE)
#elif defined(BROKEN_AHEAD)
#define WITHIN_GRACE(time, at) (GRACE > 0 && time <= at && at - time <= GRACE)
#else
#define WITHIN_GRACE(time, at) (GRACE > 0 && at - time <= GRACE)
#endif

mtype = { ENDED, ROTATE, LED, REUSED, TOO_FAR };

typedef Row {
	short cur;	/* the current token; NONE: the session is gone */
	short times;	/* of the latest rotations */
	bit other;	/* all the other sessions */
};

Row row;
short now;
short jar[2];
short tok[SLOTS];	/* what a request carries: its token, then its answer */
short clk[SLOTS];	/* the time it acts on, until it has acted */

#ifdef FAULTS
Row due_old, due_new;	/* a compare-and-set without an answer, to land or not */
short due_tok, due_clk;
bit due;
#endif

/* What the checks remember: nothing below is known to a server. */
short spent[CHAIN + 1];		/* by generation: when it was rotated, */
short heir[CHAIN + 2];		/* the one token of it that went out, */
#ifdef THIEF
short first_ok[2 * (CHAIN + 1)];	/* and when owner and thief got a 200 */
#endif
bit leaving;			/* the owner asked to log out */
bit over;			/* a 200 for it, or a 401, has been answered */

/* The five properties; each becomes true where it is broken. */
bit two_successors;	/* 1: of one token, both of them for a 200 */
bit late_success;	/* 2: a 200 for what was spent past the grace */
bit session_revived;	/* 3: in the row, or by a 200 asked for later */
bit honest_logged_out;	/* 4 */
bit theft_goes_on;	/* 5: past the grace, or refused and the session alive */
bit witnessed;

/* For one step's arithmetic. */
hidden short rest, unit;
hidden byte found;
hidden Row next;

inline
check()
{
#if CHECKED(1)
	assert(!two_successors);
#endif
#if CHECKED(2)
	assert(!late_success);
#endif
#if CHECKED(3)
	assert(!session_revived);
#endif
#if CHECKED(4)
	assert(!honest_logged_out);
#endif
#if CHECKED(5)
	assert(!theft_goes_on);
#endif
#if WITNESS
	assert(!witnessed);
#endif
}

inline
witness(n, what)
{
	if
	:: WITNESS == n && (what) -> witnessed = 1
	:: else
	fi
}

#ifdef THIEF
#define OK(whose, gen) first_ok[whose * (CHAIN + 1) + gen]

/* What one got a 200 for, the other cannot ask for when the grace is over. */
inline
note_success(mine, theirs, gen, at)
{
	if
	:: OK(theirs, gen) != NONE && at - OK(theirs, gen) > GRACE ->
		theft_goes_on = 1
	:: else
	fi;
	if
	:: OK(mine, gen) == NONE -> OK(mine, gen) = now
	:: else
	fi
}
#endif

/* A 200 is certain: ${given}, asked with at ${at}, brings ${got}. */
inline
note_200(who, given, got, at, knew_over)
{
	if
	:: heir[GENERATION(got)] != NONE && heir[GENERATION(got)] != got ->
		two_successors = 1
	:: else -> heir[GENERATION(got)] = got
	fi;
	if
	:: spent[GENERATION(given)] != NONE &&
	    (GRACE == 0 || at - spent[GENERATION(given)] > GRACE) ->
		late_success = 1
	:: else
	fi;
	if
	:: knew_over -> session_revived = 1
	:: else
	fi;
#ifdef THIEF
	note_success(who, (1 - who), GENERATION(given), at)
#endif
}

inline
note_spent(given, at)
{
	if
	:: spent[GENERATION(given)] == NONE ->
		spent[GENERATION(given)] = at
	:: else
	fi
}

inline
row_copy(to, from)
{
	to.cur = from.cur;
	to.times = from.times;
	to.other = from.other
}

#define SAME(a, b) (a.cur == b.cur && a.times == b.times && a.other == b.other)
#ifdef BROKEN_WRITE
#define MAY_SET(old) true
#else
#define MAY_SET(old) SAME(row, old)
#endif

inline
row_set(to_be)
{
	if
	:: row.cur == NONE && to_be.cur != NONE -> session_revived = 1
	:: else
	fi;
	row_copy(row, to_be)
}

/*
 * Whether ${given} followed by the newest 1, 2, ... times, all within the grace
 * and none before its own birth, is the current token.
 */
inline
walk(given, old, at)
{
	found = 0;
	rest = old.times;
	unit = 1;
	do
	:: rest == 0 || found -> break
	:: else ->
		if
#ifdef BROKEN_GRACE
		:: BORN(rest) >= 0 ->
#else
		:: WITHIN_GRACE(BORN(rest), at) ->
#endif
			unit = unit * 8;
			found = (given == 0 || BORN(given) <= BORN(rest)) &&
			    given * unit + old.times % unit == old.cur;
			rest = rest / 8
		:: else -> rest = 0
		fi
	od;
	rest = 0;
	unit = 0
}

inline
judge(given, old, at)
{
	walk(given, old, at);
	if
	:: GENERATION(given) == CHAIN && old.cur == given ->
		verdict = TOO_FAR	/* where the model ends, not the chain */
	:: GENERATION(given) < CHAIN && old.cur == given -> verdict = ROTATE
#ifdef BROKEN_REVIVE
	:: GENERATION(given) < CHAIN && old.cur == NONE -> verdict = ROTATE
	:: GENERATION(given) == CHAIN && old.cur == NONE -> verdict = ENDED
#else
	:: old.cur == NONE -> verdict = ENDED
#endif
	:: else ->
		if
		:: found -> verdict = LED
		:: else -> verdict = REUSED
		fi
	fi;
	found = 0
}

/*
 * The row as it shall be: times past the grace leave, the new one joins.  Times
 * ascend of themselves: the current token was there before it was sent.
 */
inline
rotated(given, old, at, to_be)
{
	rest = old.times;
	unit = 1;
	to_be.times = 0;
	found = 1;
	do
	:: rest > 0 && found < TIMES && WITHIN_GRACE(BORN(rest), at) ->
		to_be.times = to_be.times + (rest % 8) * unit;
		unit = unit * 8;
		rest = rest / 8;
		found++
	:: else -> break
	od;
	to_be.times = SUCCESSOR(to_be.times, at);
	to_be.cur = SUCCESSOR(given, at);
	to_be.other = old.other;
	rest = 0;
	unit = 0;
	found = 0
}

inline
row_clear(r)
{
	r.cur = 0;
	r.times = 0;
	r.other = 0
}

/* ${seen.cur} is what a spent token, within its grace, is answered with. */
inline
lead()
{
	witness(1, GENERATION(seen.cur) - GENERATION(tok[me]) > 1);
	witness(3, spent[GENERATION(tok[me])] < clk[me]);
#ifdef BROKEN_IAT
	/* The successor is made anew, its time now. */
	seen.cur = SUCCESSOR(seen.cur / 8, clk[me]);
#endif
#ifdef BROKEN_DRAW
	/* The successor is drawn: another one, which the row then holds. */
	seen.cur = SUCCESSOR(seen.cur / 8, 6);
	row.cur = seen.cur
#endif
}

inline
drop_row()
{
	row_clear(seen);
	verdict = 0
}

/* What is still needed once the answer is certain, and between two requests. */
inline
keep_answer(got)
{
	tok[me] = got;
	clk[me] = NONE;
	drop_row();
	reads = 0;
	knew_over = 0
}

inline
forget()
{
	keep_answer(NONE)
}

/* One request after another, each with what the jar of ${who} holds then. */
proctype
refresh(byte me; byte who)
{
	Row seen;
	mtype verdict;
	byte reads;
	bit knew_over;

end_idle:
	if
	:: d_step {
		jar[who] != NONE ->
		tok[me] = jar[who];
		knew_over = over;
		clk[me] = now
	   }
	fi;

read:
	if
	:: d_step {
		row_copy(seen, row);
		reads++
	   }
	fi;

	atomic {
		d_step {
			judge(tok[me], seen, clk[me])
		}
		if
		:: verdict == ROTATE -> goto rotate
		:: verdict == REUSED && REUSE_ENDS -> goto end_session
		:: verdict == REUSED && !REUSE_ENDS -> goto refuse
		:: verdict == ENDED ->
			d_step {
				drop_row()
			}
			goto refuse
		:: verdict == TOO_FAR -> goto give_up
		:: verdict == LED ->
			d_step {
				lead();
				note_200(who, tok[me], seen.cur, clk[me],
				    knew_over);
				check();
				keep_answer(seen.cur)
			}
			goto answer
		fi
	}

rotate:
	if
	:: d_step {
		MAY_SET(seen) ->
		rotated(tok[me], seen, clk[me], next);
		row_set(next);
		note_200(who, tok[me], next.cur, clk[me], knew_over);
		note_spent(tok[me], clk[me]);
		check();
		keep_answer(next.cur);
		row_clear(next)
	   }
	   goto answer
	:: d_step {
		!MAY_SET(seen) ->
		witness(2, row.cur == NONE);
		check();
		drop_row()
	   }
	   goto lost
#ifdef FAULTS
	:: d_step {
		/* It is written, and the connection gone before the reply. */
		MAY_SET(seen) ->
		rotated(tok[me], seen, clk[me], next);
		row_set(next);
		note_spent(tok[me], clk[me]);
		check();
		row_clear(next);
		drop_row()
	   }
	   goto lost
	:: d_step {
		/* It is on its way, the connection gone. */
		!due ->
		rotated(tok[me], seen, clk[me], due_new);
		row_copy(due_old, seen);
		due_tok = tok[me];
		due_clk = clk[me];
		due = 1;
		drop_row()
	   }
	   goto lost
#endif
	:: goto give_up	/* died after the read */
	fi;

end_session:
	if
	:: d_step {
		MAY_SET(seen) ->
#ifdef HONEST
		honest_logged_out = 1;
#endif
		witness(4, who == OWNER);
		check();
#ifndef BROKEN_NOEND
		row.cur = NONE;
		row.times = 0;
#endif
		drop_row()
	   }
	   goto refuse
	:: d_step {
		!MAY_SET(seen) ->
		drop_row()
	   }
	   goto lost
	:: goto give_up	/* died after the read */
	fi;

lost:
	if
#ifdef BROKEN_LOSER
	:: true -> goto refuse
#else
	:: reads < TRIES -> goto read
	:: reads >= TRIES -> goto give_up	/* 503 */
#endif
	fi;

answer:
	if
	:: d_step {
		witness(6, GENERATION(tok[me]) < GENERATION(jar[who]));
		check();
		jar[who] = tok[me];
		forget()
	   }
	   goto end_idle
	:: goto give_up	/* died after the write, or the answer is lost */
	fi;

refuse:
	/* A 401, which nobody is given while the session still lives. */
	if
	:: d_step {
		if
		:: row.cur != NONE && REUSE_ENDS -> theft_goes_on = 1
		:: else
		fi;
#ifdef HONEST
		if
		:: !leaving -> honest_logged_out = 1
		:: else
		fi;
#endif
		over = over || REUSE_ENDS;
		check();
		forget()
	   }
	   goto end_idle
	:: goto give_up
	fi;

give_up:
	if
	:: d_step {
		forget()
	   }
	   goto end_idle
	fi
}

#ifdef LOGOUT
/* Ends the session, whichever token it has come to by then. */
proctype
log_out()
{
	Row seen;

end_idle:
	leaving = 1;
again:
	if
	:: d_step {
		row_copy(seen, row)
	   }
	fi;
	if
	:: seen.cur == NONE	/* gone already */
	:: d_step {
		seen.cur != NONE && MAY_SET(seen) ->
		row.cur = NONE;
		row.times = 0;
		row.other = seen.other
	   }
	:: seen.cur != NONE && !MAY_SET(seen) -> goto again
	fi;
	d_step {
		over = 1;
		row_clear(seen)
	}
}
#endif

#ifdef OTHER_DEVICE
/* Another session of the user changes the one row that holds them all. */
proctype
other_device()
{
	Row seen;
	byte writes;

end_idle:
	do
	:: writes < OTHER_DEVICE ->
		d_step {
			row_copy(seen, row)
		}
		if
		:: d_step {
			MAY_SET(seen) ->
			next.cur = seen.cur;
			next.times = seen.times;
			next.other = !seen.other;
			row_set(next);
			check();
			row_clear(next);
			row_clear(seen);
			writes++
		   }
		:: !MAY_SET(seen) ->
			d_step {
				row_clear(seen)
			}
		fi
	:: writes == OTHER_DEVICE -> break
	od
}
#endif

#ifdef FAULTS
/* The database's own end of a broken connection. */
proctype
database()
{
end_idle:
	do
	:: d_step {
			due ->
			if
			:: MAY_SET(due_old) ->
				row_set(due_new);
				witness(5, due_clk < now);
				note_spent(due_tok, due_clk);
				check()
			:: else
			fi;
			due = 0;
			due_tok = NONE;
			due_clk = NONE;
			row_clear(due_old);
			row_clear(due_new)
	   }
	od
}
#endif

#ifdef THIEF
/* Takes, at any one time, a copy of what the owner's jar holds. */
proctype
thief()
{
end_idle:
	jar[CROOK] = jar[OWNER]
}
#endif

/*
 * To keep to the grace is not to let it run out: for a token that is held in the
 * jar, or on its way with a request or an answer, or for a time that a server
 * has read and not yet acted on.
 */
#define RUNS_OUT(time) (time != NONE && now >= time + GRACE)
#define HELD_TOO_LONG(t) (t != NONE && RUNS_OUT(spent[GENERATION(t)]))
#define STUCK(n) (HELD_TOO_LONG(tok[n]) || RUNS_OUT(clk[n]))
#if TABS == 1
#define TAB_STUCK STUCK(0)
#elif TABS == 2
#define TAB_STUCK (STUCK(0) || STUCK(1))
#else
#define TAB_STUCK (STUCK(0) || STUCK(1) || STUCK(2))
#endif
#ifdef HONEST
#define KEEPS_GRACE (!HELD_TOO_LONG(jar[OWNER]) && !TAB_STUCK && !DUE_TOO_LONG)
#else
#define KEEPS_GRACE true
#endif
#ifdef FAULTS
#define DUE_TOO_LONG RUNS_OUT(due_clk)
#else
#define DUE_TOO_LONG false
#endif

proctype
clock()
{
end_idle:
	do
	:: d_step {
		now < END_OF_TIME && (row.cur == NONE || KEEPS_GRACE) ->
		now++
	   }
	od
}

init
{
	byte i;

	atomic {
		row.times = 1;	/* the log-in: token 0, born at time 0 */
		jar[CROOK] = NONE;
		i = 0;
		do
		:: i < SLOTS ->
			tok[i] = NONE;
			clk[i] = NONE;
			i++
		:: else -> break
		od;
		i = 0;
		do
		:: i <= CHAIN ->
			spent[i] = NONE;
			heir[i] = NONE;
#ifdef THIEF
			OK(OWNER, i) = NONE;
			OK(CROOK, i) = NONE;
#endif
			i++
		:: else -> break
		od;
		heir[0] = 0;
		heir[CHAIN + 1] = NONE;
#ifdef FAULTS
		due_tok = NONE;
		due_clk = NONE;
		run database();
#endif
		i = 0;
		do
		:: i < TABS ->
			run refresh(i, OWNER);
			i++
		:: else -> break
		od;
		i = 0;
#ifdef THIEF
		run thief();
		run refresh(TABS, CROOK);
#endif
#ifdef LOGOUT
		run log_out();
#endif
#ifdef OTHER_DEVICE
		run other_device();
#endif
		run clock()
	}
}
