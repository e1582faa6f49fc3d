// Owns the limit of polling: a request that is sent as it is, its JSON answer read, and nothing made of it.

export interface Question {
  readonly url: string;
  readonly body: string;
}

export const bareQuery = async ({ url, body }: Question): Promise<unknown> => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body,
  });
  if (!response.ok) throw new Error(`the query was answered with ${response.status}: ${await response.text()}`);
  return response.json();
};

/** The one query that everything is held against: the request rate of every service. */
export const requestRates = (url: string): Question => ({
  url: `${url}/api/v1/query`,
  body: new URLSearchParams({ query: 'sum by (service) (rate(http_requests_total[1m]))' }).toString(),
});

/** How many series an answer holds. */
export const seriesIn = (answer: unknown): number =>
  (answer as { readonly data: { readonly result: readonly unknown[] } }).data.result.length;
