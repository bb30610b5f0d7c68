export const thumbnailType = 'image/webp';
export const thumbnailSide = 320;

export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue, alpha. */
  readonly data: Uint8ClampedArray;
}

/** A picture that fits keeps its size. */
export function fittingSize(width: number, height: number): { width: number; height: number } {
  const scale = Math.min(1, thumbnailSide / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** Each new pixel is the mean of its old ones, weighted by their opacity. */
export function shrink(picture: Pixels, { width, height }: { width: number; height: number }): Pixels {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y += 1) {
    const top = Math.floor((y * picture.height) / height);
    const bottom = Math.max(top + 1, Math.floor(((y + 1) * picture.height) / height));
    for (let x = 0; x < width; x += 1) {
      const left = Math.floor((x * picture.width) / width);
      const right = Math.max(left + 1, Math.floor(((x + 1) * picture.width) / width));
      writeMean(picture, data, (y * width + x) * 4, left, right, top, bottom);
    }
  }
  return { width, height, data };
}

function writeMean(
  { data, width }: Pixels,
  target: Uint8ClampedArray,
  to: number,
  left: number,
  right: number,
  top: number,
  bottom: number,
): void {
  let red = 0;
  let green = 0;
  let blue = 0;
  let alpha = 0;
  for (let y = top; y < bottom; y += 1) {
    for (let at = (y * width + left) * 4, end = (y * width + right) * 4; at < end; at += 4) {
      const weight = data[at + 3] ?? 0;
      red += (data[at] ?? 0) * weight;
      green += (data[at + 1] ?? 0) * weight;
      blue += (data[at + 2] ?? 0) * weight;
      alpha += weight;
    }
  }
  if (alpha === 0) return;
  target[to] = red / alpha;
  target[to + 1] = green / alpha;
  target[to + 2] = blue / alpha;
  target[to + 3] = alpha / ((right - left) * (bottom - top));
}

/** EXIF 2.32, tag 0x0112. */
export function turn(picture: Pixels, orientation: number): Pixels {
  if (orientation === 1) return picture;
  const { width, height, data } = picture;
  const [turnedWidth, turnedHeight] = orientation >= 5 ? [height, width] : [width, height];
  const turned = new Uint8ClampedArray(data.length);
  for (let y = 0; y < turnedHeight; y += 1) {
    for (let x = 0; x < turnedWidth; x += 1) {
      const [fromX, fromY] = sourceOf(orientation, x, y, width, height);
      const from = (fromY * width + fromX) * 4;
      turned.set(data.subarray(from, from + 4), (y * turnedWidth + x) * 4);
    }
  }
  return { width: turnedWidth, height: turnedHeight, data: turned };
}

function sourceOf(orientation: number, x: number, y: number, width: number, height: number): readonly [number, number] {
  switch (orientation) {
    case 2:
      return [width - 1 - x, y];
    case 3:
      return [width - 1 - x, height - 1 - y];
    case 4:
      return [x, height - 1 - y];
    case 5:
      return [y, x];
    case 6:
      return [y, height - 1 - x];
    case 7:
      return [width - 1 - y, height - 1 - x];
    default:
      return [width - 1 - y, x];
  }
}
