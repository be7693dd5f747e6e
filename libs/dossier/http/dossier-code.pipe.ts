import { Injectable, type PipeTransform } from '@nestjs/common';
import { isPlainText } from '#libs/http/fields.decorator.js';
import { Problem } from '#libs/problem/problem.js';

/** A dossier's code from the address, composed (NFC). What cannot be a code is a dossier that does not exist. */
@Injectable()
export class DossierCodePipe implements PipeTransform<string, string> {
  transform(value: string): string {
    if (!isPlainText(value) || value.length === 0 || value.length > 100) {
      throw new Problem('dossier-unknown', { code: isPlainText(value) ? value.slice(0, 100) : '?' });
    }
    return value.normalize('NFC');
  }
}
