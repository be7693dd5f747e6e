import { CloudEvent, HTTP } from 'cloudevents';
import type { Message } from '../channel.js';

/** Type of the CloudEvent; what may break receivers gets the next number. */
export const REMINDER_EVENT_TYPE = 'motcua.reminder.v1';

/** In place of where browsers find the service, if nobody said. */
const NOWHERE = '/motcua';

/** The body of a web hook: a CloudEvent 1.0 in its structured JSON form. The same for every attempt. */
export function reminderEvent(message: Message, publicUrl: string | undefined): string {
  const { key, code, reminder, about, unit, procedure, dueAt, zone, raisedAt, accounts } = message;
  const event = new CloudEvent({
    id: key,
    source: publicUrl ?? NOWHERE,
    type: REMINDER_EVENT_TYPE,
    subject: code,
    time: raisedAt,
    datacontenttype: 'application/json',
    data: { code, reminder, about, unit, procedure, dueAt, zone, accounts },
  });
  return HTTP.structured(event).body as string;
}
