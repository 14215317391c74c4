/**
 * Addresses within the dashboard. All of them are a query alone, so that they hold below any path that a proxy puts in
 * front, with or without a slash at its end.
 */

/** Where a page stands: its study, and the token with which it was asked for, if any. */
export interface Place {
  readonly study: string;
  readonly token?: string | undefined;
}

export type Query = Readonly<Record<string, string | number | readonly string[] | undefined>>;

/** The address of a page of this study. */
export function linkTo({ study, token }: Place, query: Query): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries({ study, ...query, token })) {
    if (Array.isArray(value)) for (const each of value) search.append(name, each);
    else if (value !== undefined && value !== '') search.append(name, String(value));
  }
  return `?${search}`;
}

/** The address of an experiment's page. */
export function experimentLink(place: Place, experiment: number): string {
  return linkTo(place, { view: 'experiment', n: experiment });
}
