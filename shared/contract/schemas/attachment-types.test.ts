import { describe, expect, it } from 'vitest';
import { attachmentTypeOf, attachmentTypes, extensions } from './attachment-types.ts';

describe('attachmentTypeOf', () => {
  it.each([
    ['image/jpg', 'image/jpeg'],
    ['IMAGE/JPEG', 'image/jpeg'],
    [' image/png ; charset=binary', 'image/png'],
    ['audio/webm;codecs=opus', 'audio/webm'],
    ['audio/mp4; codecs="mp4a.40.2"', 'audio/mp4'],
    ['audio/x-m4a', 'audio/mp4'],
    ['audio/x-wav', 'audio/wav'],
    ['audio/mp3', 'audio/mpeg'],
    ['application/ogg', 'audio/ogg'],
    ['application/x-zip-compressed', 'application/zip'],
    ['text/markdown', 'text/plain'],
    ['application/csv', 'text/csv'],
  ])('reads %j as %s', (announced, type) => {
    expect(attachmentTypeOf(announced, 'name')).toBe(type);
  });

  it.each(attachmentTypes)('reads a name with an extension of %s when no type is announced', (type) => {
    const [extension = ''] = extensions[type];
    for (const announced of ['', 'application/octet-stream']) {
      expect(attachmentTypeOf(announced, `name.${extension.toUpperCase()}`)).toBe(type);
    }
  });

  it.each([
    ['application/vnd.ms-excel', 'list.csv', 'text/csv'],
    ['application/vnd.ms-excel', 'list.xls', undefined],
    ['', 'photo.heic', undefined],
    ['', 'photo', undefined],
    ['text/html', 'page.txt', undefined],
    ['image/svg+xml', 'picture.png', undefined],
    ['video/mp4', 'film.mp4', undefined],
    ['constructor', 'x.png', undefined],
  ])('reads %j with the name %j as %s', (announced, name, type) => {
    expect(attachmentTypeOf(announced, name)).toBe(type);
  });
});
