#ifndef LATCHKEY_DOCTOR_H
#define LATCHKEY_DOCTOR_H

/*
 * For who starts a program in a terminal: print what ${program} is, then one
 * line each on the settings, the database and its table, with what to do
 * where something is wrong.  Returns EXIT_SUCCESS, or EXIT_FAILURE.
 */
int doctor_run(const char *program);

#endif
