/** What tells one request to set a state from every other. */
export type StateRequest = {
  /** The id that the client gave to this one request and repeats when it sends it again; null where it gave none. */
  readonly requestId: string | null;
  /** A hash of the request's body: run, proposed state and force. */
  readonly fingerprint: string;
};

/** What is remembered of the request that wrote a state. */
export type AnsweredRequest = StateRequest & {
  /** The state that the request wrote. */
  readonly stateId: string;
  /** Whether the answer is known never to have reached the client: its connection was gone before the answer was written. */
  readonly answerLost: boolean;
};

/**
 * Whether a request is the very one that wrote the run's current state, sent once more because its answer was lost; then
 * it gets that answer again. True only where that is certain: the body is the same, no other state has been written
 * since, and either both carry the same id or, where neither has one, nobody ever received the first answer. In the
 * latter case the caller clears `answerLost` along with answering, so that one client alone receives the acceptance.
 * @param currentStateId the run's current state, null where it has none
 * @param answered what is remembered of the request that wrote that state, null where nothing is
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
