/** Where the board of queues is. */
export const BOARD_PATH = '/admin/queues';
export const QUEUE_BOARD = Symbol('QueueBoard');

/** A board to look at queues. */
export interface Board {
  page(queueName?: string, jobId?: string): Promise<string>;
  answer(question: string, params: object, query: object): Promise<object>;
}

/** It is opened when somebody asks for it. */
export type BoardOnDemand = () => Promise<Board>;
