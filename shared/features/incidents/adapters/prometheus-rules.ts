import {
  type Adapter,
  labelsAt,
  linesOf,
  listAt,
  notOfThisKind,
  severityOf,
  timeOf,
  toIncident,
} from './adapter-rules.ts';
import { textAt } from '../pointer-rules.ts';

/**
 * Alertmanager's payload, version 4, and Grafana's, which extends it. One incident for each alert. `endsAt` is year 1
 * while an alert fires.
 * https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
 * https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/integrations/webhook-notifier/
 */
export function prometheusAdapter(system: 'alertmanager' | 'grafana'): Adapter {
  return (payload, receivedAt) => {
    const alerts = listAt(payload, '/alerts');
    if (alerts === undefined || alerts.length === 0) return notOfThisKind;
    const found = alerts.flatMap((alert) => {
      const labels = labelsAt(alert, '/labels');
      const key = textAt(alert, '/fingerprint') ?? keyOfLabels(labels);
      const isResolved = (textAt(alert, '/status') ?? textAt(payload, '/status')) === 'resolved';
      if (key === undefined) return [];
      const incident = toIncident({
        key,
        event: isResolved ? 'close' : 'open',
        severity: severityOf(labels['severity']),
        title: textAt(alert, '/annotations/summary') ?? titleOf(labels),
        body: textAt(alert, '/annotations/description') ?? textAt(alert, '/annotations/message'),
        url:
          textAt(alert, '/annotations/runbook_url') ??
          textAt(alert, '/panelURL') ??
          textAt(alert, '/dashboardURL') ??
          textAt(alert, '/generatorURL'),
        occurredAt: timeOf(textAt(alert, isResolved ? '/endsAt' : '/startsAt'), receivedAt),
        labels,
        system,
      });
      return [{ incident, item: alert }];
    });
    return found.length === alerts.length ? found : notOfThisKind;
  };
}

/** Versions before 0.19 send no fingerprint. */
function keyOfLabels(labels: Readonly<Record<string, string>>): string | undefined {
  const sorted = Object.entries(labels).sort(([one], [other]) => (one < other ? -1 : 1));
  return linesOf(...sorted.map(([name, value]) => `${name}=${value}`))?.replaceAll('\n', ',');
}

function titleOf({ alertname, instance }: Readonly<Record<string, string>>): string | undefined {
  return instance === undefined || alertname === undefined ? alertname : `${alertname} on ${instance}`;
}
