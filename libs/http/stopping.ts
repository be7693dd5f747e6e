/** An AbortSignal: from its abort on the service stops, and answers without an end are to end. */
export const STOPPING = Symbol('Stopping');
