/** An image, also SVG, only ever as `<img>`: there nothing in it runs and nothing is fetched. */
import { useEffect, useRef, useState } from 'react';
import { formatBytes } from '../../shared/format';

interface ImageViewProps {
  readonly bytes: Uint8Array;
  readonly type: string;
}

export function ImageView({ bytes, type }: ImageViewProps) {
  const imageRef = useRef<HTMLImageElement>(null);
  const [text, setText] = useState('');
  useEffect(() => {
    // A copy: the buffer may be shared, which a Blob does not take.
    const url = URL.createObjectURL(new Blob([new Uint8Array(bytes)], { type }));
    if (imageRef.current !== null) imageRef.current.src = url;
    return () => URL.revokeObjectURL(url);
  }, [bytes, type]);
  return (
    <figure>
      <div className="image-frame">
        <img
          ref={imageRef}
          alt="Body"
          decoding="async"
          onLoad={({ currentTarget: { naturalWidth, naturalHeight } }) =>
            setText(`${naturalWidth} × ${naturalHeight} px · ${formatBytes(bytes.byteLength)}`)
          }
          onError={() => setText('This cannot be shown as an image.')}
        />
      </div>
      <figcaption className="mt-1 text-sm text-muted">{text}</figcaption>
    </figure>
  );
}
