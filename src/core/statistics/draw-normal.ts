/** One draw of a standard normal from two of `unit`, uniform in [0, 1) (Box and Muller, 1958). */
export function drawNormal(unit: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - unit())) * Math.cos(2 * Math.PI * unit());
}
