/**
 * An SVG as a PNG, by resvg: its binary comes with the npm package, and the font with this one, so it draws the same on
 * a server without fonts. Works off the main thread.
 */
import { packagePath } from './package-root.ts';

/** In pixels: twice the width at which a README shows it. */
const pictureWidth = 1920;

const fontFiles = ['Inter-Regular.ttf', 'Inter-SemiBold.ttf'].map((name) => packagePath('src', 'web', 'fonts', name));

/** Characters beyond Latin, Greek and Cyrillic: for them the machine's own fonts are loaded, which takes a moment. */
const beyondBundled = /[\u0460-\u1fff\u2600-\u{10ffff}]/u;

/** The picture; undefined where no binary was made for this platform. */
export async function rasterise(svg: string): Promise<Uint8Array | undefined> {
  const resvg = await import('@resvg/resvg-js').catch(() => undefined);
  if (!resvg) return undefined;
  const image = await resvg.renderAsync(svg, {
    fitTo: { mode: 'width', value: pictureWidth },
    font: { fontFiles, loadSystemFonts: beyondBundled.test(svg), defaultFontFamily: 'Inter' },
  });
  return image.asPng();
}
