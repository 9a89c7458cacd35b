/** Identifies one request to set a state. */
export type StateRequest = {
  /** The client's id for this request, repeated in each attempt; null without one. */
  readonly requestId: string | null;
  /** A hash of the request's body: run, proposed state and force. */
  readonly fingerprint: string;
};

/** The stored record of the request that wrote a state. */
export type AnsweredRequest = StateRequest & {
  /** The state that the request wrote. */
  readonly stateId: string;
  /** Whether the answer certainly did not reach the client: its connection closed before the answer was sent. */
  readonly answerLost: boolean;
};

/**
 * Whether a request is a repetition of the one that wrote the run's current state, after its answer was lost; then it gets
 * that answer again. This must be certain: the body is the same, no other state has been written since, and either both have
 * the same id or, if neither has one, the first answer was not received. In the latter case the caller clears `answerLost`
 * when it answers, so that exactly one client receives the acceptance.
 * @param currentStateId the run's current state; null if it has none
 * @param answered the record of the request that wrote that state; null without one
 */
export function isReplay(
  request: StateRequest,
  currentStateId: string | null,
  answered: AnsweredRequest | null,
): boolean {
  if (answered === null || answered.stateId !== currentStateId) return false;
  if (answered.fingerprint !== request.fingerprint) return false;
  if (answered.requestId !== request.requestId) return false;
  return request.requestId !== null || answered.answerLost;
}
