// Owns the bodies of the storm: what Alertmanager posts for alerts of one service, and the way they are posted.
import { Agent, request } from 'node:http';

const alert = (number: number): object => ({
  status: 'firing',
  labels: {
    alertname: 'HighErrorRate',
    instance: `checkout-${String(number).padStart(5, '0')}:9100`,
    job: 'shop',
    service: 'checkout',
    severity: 'error',
  },
  annotations: { summary: `checkout-${number}: 41 % of requests fail`, runbook_url: 'https://wiki.example/checkout' },
  startsAt: '2026-11-22T19:15:34.981486016Z',
  endsAt: '0001-01-01T00:00:00Z',
  generatorURL: 'http://prometheus.example/graph?g0.expr=shop_errors+%3E+0.1',
  fingerprint: number.toString(16).padStart(16, '0'),
});

/** The alerts from `first` on, as one body. */
export const alertsBody = (first: number, count: number): Buffer =>
  Buffer.from(
    JSON.stringify({
      receiver: 'warroom',
      status: 'firing',
      alerts: Array.from({ length: count }, (_, index) => alert(first + index)),
      groupLabels: { service: 'checkout' },
      commonLabels: { alertname: 'HighErrorRate', job: 'shop', service: 'checkout', severity: 'error' },
      commonAnnotations: { runbook_url: 'https://wiki.example/checkout' },
      externalURL: 'http://alertmanager.example',
      version: '4',
      groupKey: '{}:{service="checkout"}',
      truncatedAlerts: 0,
    }),
  );

export interface IntakeDoor {
  readonly url: string;
  readonly token: string;
}

// Lets go of an idle line before a server does: a body that crosses with the end of its line is lost.
const lines = new Agent({ keepAlive: true, timeout: 3_000 });

/** Posts a body; gives the milliseconds until its answer was there in full. */
export const postAlerts = ({ url, token }: IntakeDoor, body: Buffer): Promise<number> =>
  new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const posted = request(
      `${url}/api/v1/alerts/alertmanager`,
      {
        agent: lines,
        method: 'POST',
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          'content-length': body.length,
        },
      },
      (response) => {
        response.resume().on('end', () => {
          if (response.statusCode === 200) resolve(performance.now() - startedAt);
          else reject(new Error(`a body of alerts was answered with ${response.statusCode}`));
        });
      },
    );
    posted.on('error', reject).end(body);
  });
