# The parts of ffmpeg that are built, one variable for each of configure's lists. Everything here is
# LGPL 2.1 or more permissive: AVS2 has a decoder under the GPL alone, and is not here.

# What `CONTAINERS` of the crate `decoder` names (`obu` is AV1 too), and what the probe of MPEG-TS looks for: without
# dts, truehd and the like it takes their bytes for other codecs.
demuxers="mov matroska mpegts mpegps mpegvideo flv live_flv avi asf ogg ivf h264 hevc vvc m4v h263 vc1
obu av1 dv mxf gxf nut rm swf wtv gif apng yuv4mpegpipe mp3 wav w64 aac flac amr ac3 eac3 dts dtshd loas truehd evc mjpeg_2000 aptx
dvbsub dvbtxt"

video_decoders="h264 hevc vvc vp8 vp9 libdav1d mpeg1video mpeg2video mpegvideo mpeg4 msmpeg4v1 msmpeg4v2
msmpeg4v3 h261 h263 h263i h263p flv flashsv flashsv2 vp3 vp4 vp5 vp6 vp6a vp6f vp7 theora wmv1 wmv2 wmv3
wmv3image vc1 vc1image mss1 mss2 rv10 rv20 rv30 rv40 rv60 mjpeg mjpegb sp5x amv prores prores_raw dnxhd
dvvideo cfhd apv hap dxv jpeg2000 notchlc avs cavs dirac snow svq1 svq3 cinepak indeo2 indeo3 indeo4
indeo5 qtrle rpza smc eightbps msvideo1 msrle qdraw aic pixlet mimic ffv1 ffvhuff huffyuv hymt utvideo
magicyuv lagarith fraps tscc tscc2 zmbv cscd vmnc g2m screenpresso mszh zlib sheervideo asv1 asv2
rawvideo v210 v210x r10k r210 y41p yuv4 bitpacked cyuv cljr ylc speedhq truemotion1
truemotion2 jpegls exr gif png apng bmp webp tiff targa dpx"

# Sound is never decoded for a picture, but what a stream is shows when its first frames are.
audio_decoders="aac aac_latm ac3 eac3 dca truehd mlp mp1 mp2 mp3 mp3adu vorbis opus flac alac amrnb amrwb
wmav1 wmav2 wmapro wmalossless wmavoice cook sipr ra_144 ra_288 atrac3 qdm2 qdmc mace3 mace6 nellymoser
speex gsm gsm_ms adpcm_ima_qt adpcm_ima_wav adpcm_ms adpcm_swf adpcm_yamaha adpcm_g722 adpcm_g726 pcm_s8
pcm_u8 pcm_s16le pcm_s16be pcm_s24le pcm_s24be pcm_s32le pcm_s32be pcm_f32le pcm_f32be pcm_f64le
pcm_f64be pcm_alaw pcm_mulaw pcm_bluray pcm_dvd pcm_lxf pcm_s16le_planar pcm_s24daud s302m"

parsers="h264 hevc vvc vp8 vp9 av1 mpegvideo mpeg4video h261 h263 vc1 mjpeg dnxhd dvbsub dirac cavsvideo
rv34 vp3 gif png bmp webp jpeg2000 prores prores_raw apv ffv1 aac aac_latm ac3 dca mlp mpegaudio
vorbis opus flac amr cook sipr gsm adx"

bitstream_filters="vp9_superframe_split vp9_superframe av1_frame_merge av1_frame_split h264_mp4toannexb
hevc_mp4toannexb vvc_mp4toannexb extract_extradata null aac_adtstoasc dovi_rpu mjpeg2jpeg h264_metadata
filter_units trace_headers noise"

# ffmpeg inserts some itself: a turn needs transpose, hflip, vflip and rotate; an input needs null,
# trim, setpts, crop and format.
filters="showinfo select scale format pad untile estdif crop transpose hflip vflip rotate null copy trim
setpts fps setparams setsar"

# The input is a descriptor of the decoder's own, or a pipe.
protocols="fd file pipe"
muxers="framecrc rawvideo null nut matroska"
encoders="rawvideo wrapped_avframe"
