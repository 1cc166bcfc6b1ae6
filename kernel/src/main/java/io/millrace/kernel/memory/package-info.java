/**
 * The kernel's memory: off-heap tables that grow in chunks and the intrusive structures over them.
 *
 * <p>No structure here allocates an object per element and none copies itself to grow. Links are stored as
 * {@code slot + 1}, so that a row of zeros is linked to nothing.
 */
package io.millrace.kernel.memory;
