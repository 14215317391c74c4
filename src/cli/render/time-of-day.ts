/** The hours and minutes of an ISO time, in this machine's zone, such as `03:15`. */
export function timeOfDay(at: string): string {
  return new Date(at).toTimeString().slice(0, 5);
}

/** The same, with the day of the week where that is not today's, such as `Tue 03:15`. */
export function dayAndTime(at: string, now = new Date()): string {
  const day = new Date(at).toDateString();
  return day === now.toDateString() ? timeOfDay(at) : `${day.slice(0, day.length - 5)} ${timeOfDay(at)}`;
}
