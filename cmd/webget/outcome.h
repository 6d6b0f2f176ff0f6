/*
 * What became of an exchange.
 */
#ifndef PARLEY_WEBGET_OUTCOME_H
#define PARLEY_WEBGET_OUTCOME_H

enum outcome {
	OUTCOME_DONE,
	OUTCOME_AGAIN,  /* the request has changed (redirect, challenge): send it */
	OUTCOME_LOST,   /* the server closed a used connection before it answered: send it again
			 */
	OUTCOME_FAILED, /* task.err says why; --retry may still help */
};

#endif
