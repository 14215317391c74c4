/** The hours and minutes of an ISO time, in this machine's zone, such as `03:15`. */
export function timeOfDay(at: string): string {
  return new Date(at).toTimeString().slice(0, 5);
}
