import type { Metrics, Reading } from '#libs/telemetry/metrics.adapter.js';
import type { ProjectionHealth, Vitals } from './vitals.js';

const PROJECTION = ['projection'];

/** Figures of a projection, by the name of their gauge. */
const FIGURES: Readonly<Record<string, { help: string; of: (projection: ProjectionHealth) => number }>> = {
  motcua_projection_lag_events: {
    help: 'Events that it has to fold, counted to 1000 at most.',
    of: ({ lagEvents }) => lagEvents,
  },
  motcua_projection_lag_seconds: {
    help: 'Age of the first event that the projection has not seen; 0 if there is none.',
    of: ({ lagSeconds }) => lagSeconds,
  },
  motcua_projection_position: {
    help: 'Everything up to this position of the log is in its tables.',
    of: ({ position }) => Number(position),
  },
  motcua_projection_owner: {
    help: '1 if this process keeps the projection.',
    of: ({ ours }) => Number(ours),
  },
  motcua_projection_stopped: {
    help: '1 if it has stopped in front of an event that it cannot fold.',
    of: ({ status }) => Number(status === 'stopped'),
  },
};

/** Asks dependencies and projections each time the metrics are read; those that do not answer are left out. */
export function measureVitals(metrics: Metrics, vitals: Vitals): void {
  metrics.gauge('motcua_up', 'Whether a dependency answers this process.', ['dependency']);
  for (const [name, { help }] of Object.entries(FIGURES)) metrics.gauge(name, help, PROJECTION);
  metrics.readBefore(async () => {
    const answers = await vitals.answers();
    metrics.set(
      'motcua_up',
      answers.map(({ name, status }) => ({ labels: { dependency: name }, value: Number(status === 'ok') })),
    );
  });
  metrics.gauge('motcua_queue_jobs', 'Jobs by queue and state.', ['queue', 'state']);
  metrics.readBefore(async () => {
    const counted = await vitals.jobs();
    metrics.set(
      'motcua_queue_jobs',
      counted.map(({ queue, state, jobs }) => ({ labels: { queue, state }, value: jobs })),
    );
  });
  metrics.readBefore(async () => {
    const projections = (await vitals.projections()) ?? [];
    for (const [name, { of }] of Object.entries(FIGURES)) {
      metrics.set(
        name,
        projections.map((projection): Reading => ({
          labels: { projection: projection.name },
          value: of(projection),
        })),
      );
    }
  });
}
