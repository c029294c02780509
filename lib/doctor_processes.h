#ifndef LATCHKEY_DOCTOR_PROCESSES_H
#define LATCHKEY_DOCTOR_PROCESSES_H

#include "pool.h"

/* How many programs lie in the directory of this one. */
int doctor_count_programs(struct pool *pool);

/* How many processes of them serve, as far as this user is shown. */
int doctor_count_processes(struct pool *pool);

#endif
