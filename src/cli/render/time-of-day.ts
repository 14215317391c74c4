/** The hours and minutes of an ISO time, in this machine's zone, such as `03:15`. */
export function timeOfDay(at: string): string {
  return new Date(at).toTimeString().slice(0, 5);
}

/** The same, with the day of the week where that is not today's, such as `Tue 03:15`. */
export function dayAndTime(at: string, now = new Date()): string {
  const day = new Date(at).toDateString();
  return day === now.toDateString() ? timeOfDay(at) : `${day.slice(0, day.length - 5)} ${timeOfDay(at)}`;
}

/** The day of an ISO time, in this machine's zone, such as `2026-11-29`. */
export function calendarDay(at: string): string {
  const day = new Date(at);
  const [month, date] = [day.getMonth() + 1, day.getDate()].map((number) => String(number).padStart(2, '0'));
  return `${day.getFullYear()}-${month}-${date}`;
}
