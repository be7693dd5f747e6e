import type { BackendFactory, IQueueBackend } from 'bullmq';

/** What the jobs of a process lie in. */
export interface JobBackend {
  readonly kind: 'postgresql' | 'redis';
  /** Takes no notice of the connection in the options: it has its own. */
  readonly factory: BackendFactory<IQueueBackend, object>;
  /** Puts back what jobs need to be there, such as tables that were dropped. Jobs that were lost stay lost. */
  ensure(): Promise<void>;
  /** Lets go of its connections, when all queues and workers are closed. */
  close(): Promise<void>;
}
